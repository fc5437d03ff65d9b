"""Stage 8 `messages` and `message_words`: what a message says, kind by kind, and what it must not say."""

import dataclasses
import re
import subprocess
from types import SimpleNamespace

import jinja2
import pytest

from cocci_gen import resources
from cocci_gen.document.obligations import Obligation, RuleSource
from cocci_gen.facts.calls.steps import Step
from cocci_gen.findings.findings import ALSO_HERE, WHICH_IT_ALLOCATES, Edit, Fix, Registration, split_lines
from cocci_gen.kernel.maintainers import Maintainers
from cocci_gen.kernel.subject_prefix import Prefix
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.series.plans import plan_sections
from cocci_gen.series.texts import _first_words
from cocci_gen.series.words import messages, repairs
from cocci_gen.series.words.breaches import _once_taken
from cocci_gen.series.words.lint import lint_body, lint_subject
from cocci_gen.series.words.listings import evidence, listed
from cocci_gen.series.words.messages import Background, Message, kinds, patch_message, reflow
from cocci_gen.series.words.rule_book import RuleBook, read_rule_book
from cocci_gen.series.words.smpl_blocks import smpl_block

BACKGROUND = Background("0.1.0", "1.1.1", "6.1", "", "The patch has been neither compiled nor run.")
PREFIX = Prefix("demo: ", capital=False, source="test")


@pytest.fixture
def text_of(demo_kernel, make_finding):
    """text_of(places, change) -> the messages for findings at (path, function, kind), one per patch."""

    def make(places, change=lambda finding, _: finding, prefix=PREFIX, book=None):
        with KernelTree.open(demo_kernel) as tree:
            findings = [change(make_finding(tree, *place), split_lines(tree.read(place[0]))) for place in places]
            bases = {path: tree.read(path) for path, _, _ in places}
        sections, left_out = plan_sections(findings, Maintainers.parse(b"", []), bases)
        assert left_out == ()
        plans = [plan for section in sections for plan in section.patches]
        return [patch_message(plan, prefix, BACKGROUND, book or RuleBook()) for plan in plans]

    return make


FIRST = ("fs/demo/file.c", "demo_writepage1")
SECOND = ("fs/demo/file.c", "demo_writepage2")


def flat(message):
    """The body without line breaks."""
    return " ".join(message.body.split())


@pytest.mark.parametrize("kind", ["unlocks", "writeback"])
@pytest.mark.parametrize("places", [[FIRST], [FIRST, SECOND]], ids=["one", "two"])
@pytest.mark.parametrize("resource", ["page", "folio"])
def test_every_kind_number_and_era(text_of, kind, places, resource):
    """Each message is complete, wrapped, without complaints, and names things as the era does."""

    def in_era(finding, _):
        return dataclasses.replace(finding, breach=dataclasses.replace(finding.breach, resource=resource))

    [message] = text_of([(*place, kind) for place in places], in_era)

    assert lint_body(message.body) == ()
    assert all(lint_subject(subject) == () for subject in message.subjects)
    parts = [
        "demo_writepage1()",
        "sleeps for ever" if kind == "unlocks" else "PAGECACHE_TAG_DIRTY",
        "Found by static analysis (cocci-gen) and fixed with Coccinelle; this message was generated.",
    ]
    if kind == "unlocks":
        parts.insert(2, "Documentation/filesystems/locking.rst says so of address_space_operations, in the column")
    places_in_text = [flat(message).index(" ".join(part.split())) for part in parts]
    assert places_in_text == sorted(places_in_text)
    assert not re.search(r"<smpl>|compiled|in line \d|rst:\d|spatch", message.body)
    assert len(message.body.split("\n")) <= 20
    other = "folio" if resource == "page" else " the page "
    assert other not in " ".join(line for line in message.body.split("\n") if not line.startswith("  "))


def test_the_fix_is_told_as_it_is(text_of):
    """A message that describes another change than the diff shows is worse than none."""
    [unlocks, writeback] = text_of([(*FIRST, "unlocks"), (*FIRST, "writeback")])

    assert "Call unlock_page() before returning -EIO." in flat(unlocks)
    assert "Call set_page_writeback() before the page is unlocked, and end_page_writeback() afterwards." in flat(
        writeback
    )
    assert "lost silently" not in writeback.body
    assert "redirtied" not in unlocks.body


def test_a_redirty_is_explained(text_of):
    """What the fix adds beyond the rule needs its own reason."""

    def redirtying(finding, _):
        more = Edit(finding.line, (), (b"\t\tredirty_page_for_writepage(wbc, page);\n", b"\t\tunlock_page(page);\n"))
        return dataclasses.replace(finding, fix=Fix((more,), finding.fix.semantic_patch, ""))

    [unlocks] = text_of([(*FIRST, "unlocks")], redirtying)
    [writeback] = text_of([(*FIRST, "writeback")], redirtying)
    assert "the page has to be redirtied too" in flat(unlocks)
    assert "the data is lost. A sync gets the error; background writeback tells nobody." in flat(writeback)
    assert writeback.subjects[0] == "demo: redirty the page when demo_writepage1() returns -EIO"


@pytest.mark.parametrize(("owed", "said"), [("unlock_page", ", where unlock_page() is called,"), ("other_call", "")])
def test_a_jump_names_only_what_is_seen_behind_the_label(text_of, demo_kernel, owed, said):
    """`the label unlocks the page` must be read from the code, not hoped for."""
    file = demo_kernel / FIRST[0]
    file.write_text(file.read_text().replace("\tunlock_page(page);\n", "out:\n\tunlock_page(page);\n", 1))
    for words in (["add", "-A"], ["commit", "-q", "-m", "label"]):
        subprocess.run(["git", *words], cwd=demo_kernel, check=True, capture_output=True)

    def jumping(finding, lines):
        edit = Edit(finding.line, (lines[finding.line - 1],), (b"\t\tgoto out;\n",))
        breach = dataclasses.replace(finding.breach, missing=(owed,))
        return dataclasses.replace(finding, breach=breach, fix=Fix((edit,), finding.fix.semantic_patch, ""))

    [message] = text_of([(*FIRST, "unlocks")], jumping)
    assert f"Jump to the label out{said} instead of returning." in flat(message)


@pytest.mark.parametrize(("kept", "said"), [("box->m", ", where unlock_it() is called"), ("m", "")])
def test_of_a_label_that_does_more_the_call_for_what_was_kept_is_named(text_of, demo_kernel, kept, said):
    """`Jump to the label out instead.` does not say why: it takes a count back, and unlocks."""
    file = demo_kernel / FIRST[0]
    behind = "low:\n\tn -= 1;\n\tunlock_it(&box->m);\nout:\n\tunlock_page(page);\n"
    text = file.read_text().replace("\tunlock_page(page);\n", behind, 1)
    file.write_text(text.replace("\t\treturn -EIO;\n", "\t\tgoto out; /* return -EIO; */\n", 1))
    for words in (["add", "-A"], ["commit", "-q", "-m", "label"]):
        subprocess.run(["git", *words], cwd=demo_kernel, check=True, capture_output=True)

    def jumping(finding, lines):
        edit = Edit(finding.line, (lines[finding.line - 1],), (b"\t\tgoto low;\n",))
        breach = dataclasses.replace(finding.breach, missing=(), resource="mutex", resource_name=kept)
        obligation = dataclasses.replace(finding.obligation, kind="gives_back")
        fix = Fix((edit,), finding.fix.semantic_patch, "")
        return dataclasses.replace(finding, obligation=obligation, breach=breach, fix=fix)

    [message] = text_of([(*FIRST, "unlocks")], jumping)
    assert f"Jump to the label low instead{said}." in flat(message)


def test_subjects_fit_and_fall_back(text_of):
    """A long function name must not cost the subject its end."""

    def long_name(finding, _):
        return dataclasses.replace(finding, function="a_function_with_a_really_very_long_name_indeed_as_some_have")

    [message] = text_of([(*FIRST, "unlocks")], long_name)
    assert message.subjects == ("demo: unlock the page on all paths",)
    [message] = text_of([(*FIRST, "unlocks")], long_name, Prefix("p" * 60 + ": ", capital=True, source="x"))
    assert len(message.subjects[0]) <= 75


def test_data_is_lost_silently_only_where_nobody_is_told(text_of, demo_kernel):
    """`silently` is a lie where an error goes up, or where the function records one in the mapping."""

    def redirtying(statement):
        def change(finding, _):
            more = Edit(finding.line, (), (b"\t\tredirty_page_for_writepage(wbc, page);\n",))
            breach = dataclasses.replace(finding.breach, statement=statement)
            return dataclasses.replace(finding, breach=breach, fix=Fix((more,), finding.fix.semantic_patch, ""))

        [message] = text_of([(*FIRST, "writeback")], change)
        return flat(message)

    assert "is lost silently." in redirtying("return 0;")
    assert "is lost silently." in redirtying("return AOP_WRITEPAGE_ACTIVATE;")
    assert "silently" not in redirtying("return err;")
    assert "A sync gets the error" in redirtying("return -EIO;")
    file = demo_kernel / FIRST[0]
    file.write_text(file.read_text().replace("\tif (!info)", "\tmapping_set_error(page->mapping, -EIO);\n\tif (!info)"))
    for words in (["add", "-A"], ["commit", "-q", "-m", "told"]):
        subprocess.run(["git", *words], cwd=demo_kernel, check=True, capture_output=True)
    assert "silently" not in redirtying("return 0;")


def test_a_wait_that_a_signal_ends_is_told_as_such(text_of, demo_kernel):
    """Whether a live task or a dying one meets the fault decides how bad it is; a fault from kernel mode goes on trying."""
    file = demo_kernel / FIRST[0]
    file.write_text(file.read_text().replace("return -EIO;", "return VM_FAULT_RETRY; /* return -EIO; */"))
    for words in (["add", "-A"], ["commit", "-q", "-m", "retry"]):
        subprocess.run(["git", *words], cwd=demo_kernel, check=True, capture_output=True)

    def waiting(condition, note=""):
        def change(finding, lines):
            old = lines[finding.line - 1]
            edit = Edit(finding.line, (old,), (old.replace(b"VM_FAULT_RETRY", b"VM_FAULT_NOPAGE"),))
            obligation = dataclasses.replace(finding.obligation, kind="returns", method="page_mkwrite")
            breach = dataclasses.replace(finding.breach, condition=condition)
            steps = (*finding.evidence, *((Step(finding.file, 1, note),) if note else ()))
            return dataclasses.replace(
                finding,
                obligation=obligation,
                breach=breach,
                evidence=steps,
                fix=Fix((edit,), finding.fix.semantic_patch, ""),
            )

        [message] = text_of([(*FIRST, "unlocks")], change)
        return flat(message)

    assert "signal" not in waiting("busy(page)")
    for condition in ("folio_lock_killable(folio) < 0", "wait_on_bit(bit, 1, TASK_KILLABLE)"):
        assert "the signal ends a task that faults in user mode" in waiting(condition)
        assert "takes the fault again and again, without sleeping, until the wait succeeds" in waiting(condition)
        assert "waits for the lock uninterruptibly: the task cannot be killed" in waiting(condition)
        assert "is changed with it" not in waiting(condition)
    dead = waiting(
        "folio_lock_killable(folio) < 0",
        "nothing in this folder makes PageFsCache() hold, and the same code behind it ...",
    )
    assert (
        "The same return behind PageFsCache(), which nothing in this file system ever makes true, is changed with it"
        in dead
    )


@pytest.mark.parametrize(
    ("left", "said"),
    [
        ((), ""),
        (
            ("note_store",),
            "The fault itself then dirties it without note_store(). Return",
        ),
        (("note_store", "keep"), "dirties it without note_store() and keep(). Return"),
    ],
)
def test_what_a_wrong_code_leaves_out_is_named(text_of, demo_kernel, left, said):
    """One text for all file systems hides what goes wrong in this one; where nothing is known, nothing is said."""
    file = demo_kernel / FIRST[0]
    file.write_text(file.read_text().replace("return -EIO;", "return VM_FAULT_RETRY; /* return -EIO; */"))
    for words in (["add", "-A"], ["commit", "-q", "-m", "retry"]):
        subprocess.run(["git", *words], cwd=demo_kernel, check=True, capture_output=True)

    def change(finding, lines):
        old = lines[finding.line - 1]
        edit = Edit(finding.line, (old,), (old.replace(b"VM_FAULT_RETRY", b"VM_FAULT_NOPAGE"),))
        obligation = dataclasses.replace(finding.obligation, kind="returns", method="page_mkwrite")
        breach = dataclasses.replace(finding.breach, left_out=left)
        return dataclasses.replace(
            finding, obligation=obligation, breach=breach, fix=Fix((edit,), finding.fix.semantic_patch, "")
        )

    [message] = text_of([(*FIRST, "unlocks")], change)
    assert said in flat(message)
    assert ("dirties it without" in flat(message)) == bool(left)
    assert "cannot be killed" not in flat(message)


@pytest.mark.parametrize(
    ("variable", "method", "note", "said"),
    [
        ("demo_aops", "writepage", "", "although its caller has cleared the dirty flag"),
        ("write_all()", "writepage", "", "although write_all() has cleared the dirty flag"),
        (
            "",
            "writepages",
            "next_dirty() hands out each folio locked",
            "although next_dirty() has cleared the dirty flag",
        ),
        ("", "writepages", "f() gives each_page() g() to be called", "although each_page() has cleared the dirty flag"),
    ],
)
def test_who_cleared_the_dirty_flag(text_of, variable, method, note, said):
    """`its caller has cleared` is untrue of a loop that asks an iterator for each folio."""

    def change(finding, _):
        registrations = tuple(dataclasses.replace(one, variable=variable) for one in finding.registrations)
        registrations = registrations or ((Registration("s", variable, "f", 1),) if variable else ())
        steps = (Step(finding.file, 1, note),) if note else ()
        obligation = dataclasses.replace(finding.obligation, method=method)
        return dataclasses.replace(
            finding, obligation=obligation, registrations=registrations if variable else (), evidence=steps
        )

    [message] = text_of([(*FIRST, "writeback")], change)
    assert said in flat(message)


@pytest.mark.parametrize(("code", "said"), [("-ENOMEM", True), ("-EIO", False)])
def test_a_sync_that_is_tried_again_is_told(text_of, demo_kernel, code, said):
    """do_writepages() tries again only for -ENOMEM, and only after a loop that cleared the flag itself."""
    file = demo_kernel / FIRST[0]
    file.write_text(file.read_text().replace("return -EIO;", f"return {code}; /* return -EIO; */"))
    for words in (["add", "-A"], ["commit", "-q", "-m", "code"]):
        subprocess.run(["git", *words], cwd=demo_kernel, check=True, capture_output=True)

    def change(variable):
        def redirtying(finding, _):
            more = Edit(finding.line, (), (b"\t\tredirty_page_for_writepage(wbc, page);\n",))
            breach = dataclasses.replace(finding.breach, statement=f"return {code};")
            return dataclasses.replace(
                finding,
                breach=breach,
                registrations=(Registration("s", variable, "f", 1),),
                fix=Fix((more,), finding.fix.semantic_patch, ""),
            )

        return redirtying

    [looped] = text_of([(*FIRST, "writeback")], change("write_all()"))
    [called] = text_of([(*FIRST, "writeback")], change("demo_aops"))
    assert ("and the sync succeeds" in flat(looped)) == said
    assert "and the sync succeeds" not in flat(called)


def test_every_edited_exit_is_named(text_of):
    """A fix that edits more places than its message names is not understood."""

    def change(finding, _):
        also = (Step(finding.file, finding.line, ALSO_HERE),)
        breach = dataclasses.replace(finding.breach, condition="")
        return dataclasses.replace(finding, evidence=also, breach=breach)

    [message] = text_of([(*FIRST, "unlocks")], change)
    assert "when info is NULL" in flat(message)


def test_the_rule_is_named_by_its_section_and_linked_by_its_release(small_kernel):
    """A line number of a document is dead with its next change; a section and a release are not."""
    with KernelTree.open(small_kernel) as tree:
        source = "Documentation/filesystems/locking.rst"
        number = next(n for n, line in enumerate(tree.read(source).split(b"\n"), 1) if line.startswith(b"writepage:"))
        rule = RuleSource(source, number, "writepage: yes, unlocks (see below)")
        obligation = Obligation(
            "address_space_operations", "writepage", "unlocks", "page", "folio locked", "yes, unlocks", rule
        )
        released, unreleased = (read_rule_book(tree, [obligation], version) for version in ("6.1.9", "6.1-rc3"))

    [words] = released.rules(obligation, ())
    assert words.section == "address_space_operations"
    assert words.sentence == '"writepage: yes, unlocks"'
    assert words.link == "https://docs.kernel.org/6.1/filesystems/locking.html#address-space-operations"
    assert unreleased.rules(obligation, ())[0].link == ""


def test_hostile_words_of_the_tree_cannot_break_the_message(text_of):
    """What a tree names things must not become a header, a diff or an end of the message."""

    def evil(finding, _):
        source = dataclasses.replace(
            finding.obligation.source, quote="--- a/x\nFrom: Evil <e@x>\n\n---\ndiff --git a/x b/x"
        )
        patch = "--- a/x\n+++ b/x\nFrom 0123456789012345678901234567890123456789 Mon\n#include <x>\n// comment\n\n- return;\n"
        breach = dataclasses.replace(finding.breach, condition="x\n---\n", statement="return f(\n--- a/x);")
        return dataclasses.replace(
            finding,
            obligation=dataclasses.replace(finding.obligation, source=source),
            breach=breach,
            fix=Fix(finding.fix.edits, patch, ""),
        )

    [message] = text_of([(*FIRST, "unlocks")], evil)
    lines = message.body.split("\n")
    assert not [line for line in lines if line.startswith(("---", "From", "diff", "#", "+++"))]


def test_a_kind_without_words_of_its_own(text_of):
    """A fix of a new kind must end in a true message, not in a crash at the end of a long run."""

    def odd(finding, _):
        obligation = dataclasses.replace(finding.obligation, kind="no_such")
        return dataclasses.replace(finding, obligation=obligation, message="f() does what it must not")

    [message] = text_of([(*FIRST, "unlocks")], odd)
    assert lint_body(message.body) == ()
    assert message.body.startswith("f() does what it must not.\n\n")
    assert message.subjects[0] == "demo: keep to the locking rule of ->writepage() in demo_writepage1()"


def test_a_typo_in_a_template_is_an_error(monkeypatch, tmp_path):
    """An empty place in a sentence would be mailed to a list."""
    (tmp_path / "messages").mkdir()
    (tmp_path / "messages/_x.j2").write_text("{{ functoin }}\n")
    monkeypatch.setattr(resources, "data_folder", lambda name: tmp_path)
    messages._environment.cache_clear()
    try:
        with pytest.raises(jinja2.UndefinedError):
            messages.render("x", function="f")
    finally:
        messages._environment.cache_clear()


@pytest.mark.parametrize("kind", kinds())
@pytest.mark.parametrize("places", [[FIRST], [FIRST, SECOND]], ids=["one", "two"])
def test_every_template_renders_without_complaints(text_of, kind, places):
    """A template that only fails on a real finding fails at the end of a long run."""

    def of_kind(finding, _):
        return dataclasses.replace(finding, obligation=dataclasses.replace(finding.obligation, kind=kind))

    [message] = text_of([(*place, "unlocks") for place in places], of_kind)
    assert lint_body(message.body) == ()
    assert all(lint_subject(subject) == () for subject in message.subjects)
    assert len(message.body.split("\n\n")) >= 3


def test_an_unended_writeback_is_told_as_such(text_of):
    """To end a writeback is another repair than to start one, with another reason."""

    def ending(finding, _):
        more = Edit(finding.line, (), (b"\t\tend_page_writeback(page);\n",))
        return dataclasses.replace(finding, fix=Fix((more,), finding.fix.semantic_patch, ""))

    [message] = text_of([(*FIRST, "writeback")], ending)
    assert message.subjects[0] == "demo: end writeback in demo_writepage1()"
    assert "without having ended it" in flat(message)
    assert "never gets clean" not in flat(message)


@pytest.mark.parametrize("places", [[FIRST], [FIRST, SECOND]], ids=["one", "two"])
def test_an_exchanged_code_is_named(text_of, demo_kernel, places):
    """`the semantic patch below mends that` tells nobody what the patch does, and the reason is the code's own."""
    file = demo_kernel / FIRST[0]
    file.write_text(file.read_text().replace("return -EIO;", "return VM_FAULT_RETRY; /* return -EIO; */"))
    for words in (["add", "-A"], ["commit", "-q", "-m", "retry"]):
        subprocess.run(["git", *words], cwd=demo_kernel, check=True, capture_output=True)

    def exchanging(finding, lines):
        line = lines[finding.line - 1]
        edit = Edit(finding.line, (line,), (line.replace(b"VM_FAULT_RETRY", b"VM_FAULT_NOPAGE"),))
        obligation = dataclasses.replace(finding.obligation, kind="returns", method="page_mkwrite")
        return dataclasses.replace(finding, obligation=obligation, fix=Fix((edit,), finding.fix.semantic_patch, ""))

    [message] = text_of([(*place, "unlocks") for place in places], exchanging)

    assert message.subjects[-1] == "demo: return VM_FAULT_NOPAGE instead of VM_FAULT_RETRY"
    assert lint_body(message.body) == ()
    assert "Return VM_FAULT_NOPAGE. The fault is then taken again" in flat(message)
    assert "do_page_mkwrite() looks at errors" in flat(message)


def test_wrapping():
    """Paragraphs are wrapped, what is indented stays."""
    assert reflow("a\nb\n\n\n\n  c\n   d\ne\n") == "a b\n\n  c\n   d\n\ne"
    assert max(map(len, reflow("word " * 100).split("\n"))) <= 72
    assert reflow("x" * 100) == "x" * 100


@pytest.mark.parametrize(
    ("then", "told"), [("iput() gives it back there too", True), ("that is left for another patch", False)]
)
def test_a_reference_that_the_fix_gives_back_is_told(text_of, then, told):
    """A call in the patch of which the message says nothing is asked about; one that is not there must not be told."""

    def change(finding, _):
        note = f"ihold() at line 9 is not undone here, as it is on all other ways; {then}"
        return dataclasses.replace(finding, evidence=(*finding.evidence, Step(finding.file, 1, note)))

    [message] = text_of([(*FIRST, "writeback")], change)
    assert ("leaks the reference that ihold() has taken, which is given back otherwise" in flat(message)) == told


@pytest.mark.parametrize(
    ("thing", "name", "kept", "subject", "cause"),
    [
        (
            "mutex",
            "box->m",
            "locked",
            "release box->m in demo_writepage1()",
            "returns with the mutex box->m still locked: no path",
        ),
        (
            "lock of inode",
            "inode",
            "held",
            "release the inode lock in demo_writepage1()",
            "with the lock of the inode still held: no",
        ),
        (
            "buffer head",
            "bh",
            "referenced",
            "fix buffer_head leak in demo_writepage1()",
            "with the buffer head bh still referenced: no path",
        ),
    ],
)
def test_what_nobody_gives_back_is_no_matter_of_failure(text_of, thing, name, kept, subject, cause):
    """`on failure` and `when f() fails` are untrue of a lock that every way through the function loses."""

    def change(finding, _):
        breach = dataclasses.replace(finding.breach, resource=thing, resource_name=name, missing=())
        obligation = dataclasses.replace(finding.obligation, kind="gives_back")
        message = f"demo_writepage1() returns with {thing} {name} still {kept}, which nobody gives back"
        return dataclasses.replace(finding, breach=breach, obligation=obligation, message=message)

    [message] = text_of([(*FIRST, "writeback")], change)
    assert message.subjects[0].startswith(f"demo: {subject}")
    assert cause in flat(message)
    assert "failure" not in flat(message).partition("gives it back, and nobody else does.")[0]


@pytest.mark.parametrize(
    ("thing", "name", "kept", "subject", "effect"),
    [
        (
            "buffer head",
            "bh",
            "referenced",
            "fix buffer_head leak in demo_writepage1()",
            "The buffer and its page can never be reclaimed.",
        ),
        (
            "inode",
            "inode",
            "referenced",
            "fix inode leak in demo_writepage1()",
            "umount complains of busy inodes.",
        ),
        ("mutex", "&box->m", "locked", "release &box->m in demo_writepage1() on failure", "sleeps for ever in uninter"),
        (
            "protection against freezing of",
            "sb",
            "held",
            "call drop() before demo_writepage1() returns",
            "Lockdep complains that it is held when the task returns to user space",
        ),
        (
            "write access to",
            "mnt",
            "held",
            "call drop() before demo_writepage1() returns",
            "can never become read-only",
        ),
        (
            "lock of inode",
            "inode",
            "held",
            "release the inode lock in demo_writepage1() on failure",
            "sleeps for ever in uninter",
        ),
        (
            "invalidate lock of",
            "mapping",
            "held",
            "release the invalidate lock in demo_writepage1() on failure",
            "sleeps for ever in uninter",
        ),
        ("pid", "pid", "referenced", "fix pid leak in demo_writepage1()", "so the pid is never freed."),
        (
            "file name",
            "nm",
            "allocated",
            "fix file name leak in demo_writepage1()",
            "Nobody else does; only names in encrypted directories are allocated.",
        ),
    ],
)
def test_what_a_function_keeps_of_its_own(text_of, thing, name, kept, subject, effect):
    """A leak, a lock and frozen writers hurt different people, and the patch says which call was missing."""

    def change(finding, _):
        edit = Edit(finding.line, (), (b"\t\tdrop(&owner_of(it)->sem);\n",))  # that calls drop() alone
        breach = dataclasses.replace(finding.breach, resource=thing, resource_name=name, missing=())
        obligation = dataclasses.replace(finding.obligation, kind="gives_back")
        message = f"demo_writepage1() fails with {thing} {name} still {kept}"
        fix = Fix((edit,), finding.fix.semantic_patch, "")
        took = Step(finding.file, 2, f"grab() takes {thing} {name}")
        return dataclasses.replace(
            finding, breach=breach, obligation=obligation, message=message, fix=fix, evidence=(*finding.evidence, took)
        )

    [message] = text_of([(*FIRST, "unlocks")], change)
    assert message.subjects[0] == f"demo: {subject}"
    called = {"lock of inode": "lock of the inode", name: name}.get(thing, f"{thing} {name}")
    article = "" if thing.startswith("write access") else "the "
    said = f"does not drop its reference to the {called}, taken by grab(),"
    said = f"does not free the {called}, allocated by grab()," if kept == "allocated" else said
    said = said if kept in ("referenced", "allocated") else f"returns -EIO with {article}{called} still {kept}"
    assert f"demo_writepage1() {said} when info is NULL." in flat(message)
    assert effect in flat(message)
    assert "Call drop() before returning -EIO." in flat(message)
    assert lint_body(message.body) == ()


@pytest.mark.parametrize(
    ("kept", "subject", "told", "effect"),
    [
        (
            [("bed_row", "row", "referenced", "bed_row_get"), ("bed_row", "old", "referenced", "bed_row_get")],
            "fix leaks of row and old in demo_writepage1()",
            "does not drop its references to the bed_row row and the bed_row old, taken by bed_row_get(),",
            "Nobody else drops these references, so the bed_rows are never freed.",
        ),
        (
            [("bed_row", "row", "referenced", "take"), ("bed_row", "old", "referenced", "take")],
            "fix leaks of row and old in demo_writepage1()",
            "does not free the bed_row row and the bed_row old, allocated by take(),",
            "Nobody else does, so the bed_rows are never freed.",
        ),
        (
            [("inode", "inode", "referenced", "ihold"), ("dentry", "new", "referenced", "dget")],
            "fix leaks of inode and new in demo_writepage1()",
            "does not drop its references to the inode (from ihold()) and the dentry new (from dget())",
            "these references: the dentry and the inode stay in memory",
        ),
        (
            [("page", "a", "referenced", "get"), ("page", "b", "referenced", "get")],
            "fix leaks of a and b in demo_writepage1()",
            "does not drop its references to the page a and the page b, taken by get(),",
            "Nobody else drops these references, so the pages are never freed.",
        ),
        (
            [("bed_row", "row", "referenced", "bed_row_alloc"), ("bed_row", "old", "referenced", "bed_row_alloc")],
            "fix leaks of row and old in demo_writepage1()",
            "does not free the bed_row row and the bed_row old, allocated by bed_row_alloc(),",
            "Nobody else does, so the bed_rows are never freed.",
        ),
        (
            [("dentry", "root", "referenced", "make"), ("mutex", "m", "locked", "mutex_lock")],
            "release m and drop root in demo_writepage1() on failure",
            "fails with the dentry root still referenced and the mutex m still locked",
            "The next task that wants the mutex sleeps for ever",
        ),
        (
            [("mutex", "m", "locked", "mutex_lock"), ("lock of inode", "i", "held", "inode_lock")],
            "release m and i in demo_writepage1() on failure",
            "fails with the lock of the inode i and the mutex m still held",
            "The next task that wants one of them sleeps",
        ),
        (
            [("page", "page", "locked", "grab"), ("page", "page", "referenced", "grab")],
            "unlock and put page in demo_writepage1() on failure",
            "fails with the page still locked and referenced",
            "Nobody else drops that reference, so the page is never freed.",
        ),
    ],
)
def test_each_thing_of_several_is_told_as_what_it_is(text_of, kept, subject, told, effect):
    """A mutex was called a reference, and a page said to come from the call that had taken another one."""
    things = iter(kept)

    def change(finding, _):
        thing, name, how, by = next(things)
        breach = dataclasses.replace(finding.breach, resource=thing, resource_name=name, missing=())
        obligation = dataclasses.replace(finding.obligation, kind="gives_back")
        message = f"demo_writepage1() fails with {thing} {name} still {how}"
        took = Step(finding.file, 2, f"{by}() takes {thing} {name}{WHICH_IT_ALLOCATES * (by == 'take')}")
        return dataclasses.replace(
            finding, breach=breach, obligation=obligation, message=message, evidence=(*finding.evidence, took)
        )

    [message] = text_of([(*FIRST, "unlocks"), (*FIRST, "writeback")], change)
    assert message.subjects[0] == f"demo: {subject}"
    assert f"demo_writepage1() {told} when" in flat(message)
    assert effect in flat(message)


def test_a_lock_kept_in_two_functions_is_named(text_of):
    """Two calls of one function are no start and end of writeback, and a subject has to name what was taken."""

    def change(finding, _):
        edit = Edit(finding.line, (), (b"\t\tmutex_unlock(&demo_mutex);\n",))
        breach = dataclasses.replace(finding.breach, resource="mutex", resource_name="demo_mutex", missing=())
        obligation = dataclasses.replace(finding.obligation, kind="gives_back")
        message = f"{finding.function}() fails with mutex demo_mutex still locked"
        fix = Fix((edit,), finding.fix.semantic_patch, "")
        return dataclasses.replace(finding, breach=breach, obligation=obligation, message=message, fix=fix)

    [message] = text_of([(*FIRST, "unlocks"), (*SECOND, "unlocks")], change)

    assert message.subjects[0] == "demo: release demo_mutex on failure"  # both names are too long for a subject
    assert "The mutex demo_mutex is kept on these paths:" in flat(message)
    assert "Call mutex_unlock() on these error paths." in flat(message)
    assert "data is written" not in flat(message)


@pytest.mark.parametrize(
    ("kept", "subject"),
    [
        (("mutex &box->m locked", "mutex &cup->n locked"), "release all locks on failure"),
        (("mutex &box->m locked", "write access to file held"), "give back what was taken on failure"),
        (("inode inode referenced", "dentry new referenced"), "fix reference leaks on failure"),
        (("inode a referenced", "inode b referenced"), "fix inode leaks on failure"),
        (("inode inode referenced", "mutex &box->m locked"), "give back locks and references on failure"),
    ],
)
def test_a_patch_for_two_functions_says_what_is_given_back(text_of, kept, subject):
    """`give back what was taken` is said of locks alone, or of references, only where it is both."""
    things = iter(kept)

    def change(finding, _):
        sort, how = next(things).rsplit(" ", 1)
        sort, name = sort.rsplit(" ", 1)
        breach = dataclasses.replace(finding.breach, resource=sort, resource_name=name, missing=())
        obligation = dataclasses.replace(finding.obligation, kind="gives_back")
        message = f"{finding.function}() fails with {sort} {name} still {how}"
        return dataclasses.replace(finding, breach=breach, obligation=obligation, message=message)

    [message] = text_of([(*FIRST, "unlocks"), (*SECOND, "unlocks")], change)
    assert f"demo: {subject}" in message.subjects


@pytest.mark.parametrize(
    ("label", "said", "subject"),
    [
        ("out:\n", "leaves the page locked on every path through out, although ->writepage() has to unlock it.", True),
        ("", "returns an error when demo_write() fails and leaves the page locked, although ->writepage()", False),
    ],
)
def test_one_unlock_at_a_label_is_for_all_that_come_there(text_of, demo_kernel, label, said, subject):
    """One failing call was named where success leaves the page locked as well; and elsewhere not every way out is mended."""
    file = demo_kernel / FIRST[0]
    old = "\tunlock_page(page);\n\treturn err;\n"
    new = f"\tif (err) {{\n\t\treturn err;\n\t}}\n{label}\treturn err;\n"
    file.write_text(file.read_text().replace(old, new, 1))
    for words in (["add", "-A"], ["commit", "-q", "-m", "label"]):
        subprocess.run(["git", *words], cwd=demo_kernel, check=True, capture_output=True)
    lines = file.read_text().split("\n")
    inner = lines.index("\t\treturn err;") + 1
    line = lines.index("\treturn err;") + 1 if label else inner

    def change(finding, _):
        edit = Edit(line, (), (b"\tunlock_page(page);\n" if label else b"\t\tunlock_page(page);\n",))
        breach = dataclasses.replace(
            finding.breach, statement="return err;", condition="err", taken=True, condition_line=inner - 1
        )
        fix = Fix((edit,), finding.fix.semantic_patch, "")
        return dataclasses.replace(finding, line=line, breach=breach, fix=fix)

    [message] = text_of([(*FIRST, "unlocks")], change)
    assert f"demo_writepage1() {said}" in flat(message)
    assert ("demo: unlock the page on every way out of demo_writepage1()" in message.subjects) is subject


def test_the_test_at_the_jump_says_more_than_that_at_the_exit(text_of, demo_kernel):
    """`When err is not 0` was said of a call that fails ahead of the jump which the patch edits."""
    file = demo_kernel / FIRST[0]
    old = "\terr = demo_write(info, page);\n\tunlock_page(page);\n"
    new = "\terr = demo_write(info, page);\n\tif (err < 0) {\n\t\tgoto out;\n\t}\nout:\n\tif (err)\n\t\treturn err;\n"
    file.write_text(file.read_text().replace(old, new, 1))
    for words in (["add", "-A"], ["commit", "-q", "-m", "jump"]):
        subprocess.run(["git", *words], cwd=demo_kernel, check=True, capture_output=True)
    lines = file.read_text().split("\n")
    jump, line = lines.index("\t\tgoto out;") + 1, lines.index("\t\treturn err;") + 1

    def change(finding, _):
        edit = Edit(jump, (), (b"\t\tput(bh);\n",))
        breach = dataclasses.replace(
            finding.breach, statement="return err;", condition="err", taken=True, condition_line=line - 1,
            resource="buffer head", resource_name="bh", missing=(),
        )  # fmt: skip
        obligation = dataclasses.replace(finding.obligation, kind="gives_back")
        message = "demo_writepage1() fails with buffer head bh still referenced"
        fix = Fix((edit,), finding.fix.semantic_patch, "")
        return dataclasses.replace(finding, line=line, breach=breach, obligation=obligation, fix=fix, message=message)

    [message] = text_of([(*FIRST, "unlocks")], change)
    assert "does not drop its reference to the buffer head bh when demo_write() fails." in flat(message)


def test_a_lock_of_an_inode_in_two_functions_is_named(text_of):
    """`release all locks` was the title for one sort of them, and for a function with a long name."""

    def change(finding, _):
        breach = dataclasses.replace(finding.breach, resource="lock of inode", resource_name="inode", missing=())
        obligation = dataclasses.replace(finding.obligation, kind="gives_back")
        message = f"{finding.function}() returns with lock of inode inode still held, which nobody gives back"
        return dataclasses.replace(finding, breach=breach, obligation=obligation, message=message)

    [message] = text_of([(*FIRST, "unlocks"), (*SECOND, "unlocks")], change)
    assert message.subjects[0].startswith("demo: release the inode lock ")
    assert "demo: release the inode lock on all paths" in message.subjects
    [message] = text_of([(*FIRST, "unlocks")], change)
    assert message.subjects[0] == "demo: release the inode lock in demo_writepage1()"


def test_what_two_functions_never_give_back(text_of):
    """A condition was told for each, as if other ways gave it back, and the title told nothing."""

    def change(finding, _):
        breach = dataclasses.replace(finding.breach, resource="write access to", resource_name="filp", missing=())
        obligation = dataclasses.replace(finding.obligation, kind="gives_back")
        message = f"{finding.function}() returns with write access to filp still held, which nobody gives back"
        return dataclasses.replace(finding, breach=breach, obligation=obligation, message=message)

    [message] = text_of([(*FIRST, "unlocks"), (*SECOND, "unlocks")], change)
    assert "demo: end write access on all paths" in message.subjects
    assert "Write access to filp is kept on these paths:" in flat(message)
    assert "- demo_writepage1() on every path - demo_writepage2() on every path" in flat(message)


@pytest.mark.parametrize(
    ("name", "said"),
    [("&box->own_lock", "release own_lock"), ("&box->lock", "release the mutex")],
)
def test_a_title_does_not_name_a_lock_that_every_structure_has(text_of, demo_kernel, name, said):
    """`release lock when f() fails` could be about any."""
    long = "a_long_name_of_a_call_that_may_fail"
    file = demo_kernel / FIRST[0]
    file.write_text(file.read_text().replace("\tif (!info)", f"\terr = {long}(info);\n\tif (err)", 1))
    for words in (["add", "-A"], ["commit", "-q", "-m", "look"]):
        subprocess.run(["git", *words], cwd=demo_kernel, check=True, capture_output=True)

    def change(finding, _):
        breach = dataclasses.replace(
            finding.breach, condition="err", resource="mutex", resource_name=f"{name[1:]}", missing=()
        )
        obligation = dataclasses.replace(finding.obligation, kind="gives_back")
        message = f"demo_writepage1() fails with mutex {name[1:]} still locked"
        return dataclasses.replace(finding, breach=breach, obligation=obligation, message=message)

    [message] = text_of([(*FIRST, "unlocks")], change)
    assert f"demo: {said} when {long}() fails" in message.subjects
    assert not any("release lock " in subject for subject in message.subjects)


@pytest.mark.parametrize(
    ("method", "lost", "said", "unsaid"),
    [
        (
            "writepage",
            False,
            "Nobody else drops that reference: the inode stays in memory, and umount complains of busy inodes.",
            "",
        ),
        ("get_tree", False, "The inode stays in memory after its super block has been freed.", "evicted"),
        ("writepage", True, "nobody else does. The inode stays in memory, and umount", "drops that"),
    ],
)
def test_what_becomes_of_an_inode_that_is_never_dropped(text_of, method, lost, said, unsaid):
    """A failed mount ends the super block itself; and that nobody else gives it back is said once."""

    def change(finding, _):
        breach = dataclasses.replace(finding.breach, resource="inode", resource_name="inode", missing=())
        obligation = dataclasses.replace(finding.obligation, kind="gives_back", method=method)
        verb, end = ("returns", ", which nobody gives back") if lost else ("fails", "")
        message = f"demo_writepage1() {verb} with inode still referenced{end}"
        return dataclasses.replace(finding, breach=breach, obligation=obligation, message=message)

    [message] = text_of([(*FIRST, "unlocks")], change)
    assert said in flat(message)
    assert not unsaid or unsaid not in flat(message)


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (b"\t\tunlock_page(page);\n", "leaves the page locked when"),
        (b"\t\tunlock_page(page);\n\t\tput_page(page);\n", "leaks the locked page when"),
    ],
)
def test_a_page_that_is_only_locked_is_no_leak(text_of, new, said):
    """Whose reference the caller drops is not leaked."""

    def change(finding, _):
        obligation = dataclasses.replace(finding.obligation, kind="returns_locked")
        fix = Fix((Edit(finding.line, (), (new,)),), finding.fix.semantic_patch, "")
        return dataclasses.replace(finding, obligation=obligation, fix=fix)

    [message] = text_of([(*FIRST, "unlocks")], change)
    assert f"demo_writepage1() {said} info is NULL." in flat(message)


@pytest.mark.parametrize(
    ("call", "said"),
    [("page_release_kmap", True), ("unmap_and_put_page", True), ("put_page", False), ("demo_put_page", True)],
)
def test_what_is_given_back_with_its_mapping(text_of, call, said):
    """A page that is freed late is one thing; a kmap that is not undone puts those of the task out of order."""

    def change(finding, _):
        breach = dataclasses.replace(finding.breach, resource="page", resource_name="page", missing=())
        obligation = dataclasses.replace(finding.obligation, kind="gives_back")
        fix = Fix((Edit(finding.line, (), (f"\t\t{call}(page);\n".encode(),)),), finding.fix.semantic_patch, "")
        message = "demo_writepage1() fails with page page still referenced"
        return dataclasses.replace(finding, breach=breach, obligation=obligation, fix=fix, message=message)

    [message] = text_of([(*FIRST, "unlocks")], change, book=RuleBook(unmapping=frozenset({"demo_put_page()"})))
    assert ("so the page is never freed, nor is its kmap undone." in flat(message)) == said
    assert ("so the page is never freed." in flat(message)) != said


@pytest.mark.parametrize(
    ("lines", "codes"),
    [
        ((b"\t\tret = VM_FAULT_OOM;\n",), ["VM_FAULT_OOM"]),
        (
            (b"\t\tret = vmf_error(err);\n", b"\t\tret = VM_FAULT_OOM;\n"),
            ["what vmf_error() makes of the error", "VM_FAULT_OOM when kmalloc() fails"],
        ),
        (
            (b"\t\tret = vmf_error(err);\n", b"\t\tret = VM_FAULT_OOM;\n", b"\t\tret = VM_FAULT_OOM;\n"),
            ["what vmf_error() makes of the error", "VM_FAULT_OOM"],
        ),
    ],
)
def test_each_of_several_codes_has_what_has_failed(lines, codes):
    """`What it makes of the error or VM_FAULT_OOM` leaves it to the reader to find out which is returned where; and where one of
    the causes is not known, the other one alone would be untrue."""
    tests = (b"err = flush(box);\n\tif (err)", b"box = kmalloc(9);\n\tif (!box)", b"if (a || b)")
    base = b"int f(struct box *box)\n{\n" + b"".join(b"\t%s {\n\t\tret = 1;\n\t}\n" % one for one in tests) + b"}\n"
    wrong = [number for number, line in enumerate(base.split(b"\n"), 1) if line == b"\t\tret = 1;"]
    edits = tuple(Edit(line, (b"\t\tret = 1;\n",), (new,)) for line, new in zip(wrong, lines, strict=False))
    plan = SimpleNamespace(edits=[("a.c", edits)], files=[SimpleNamespace(path="a.c", base=base)])
    assert repairs.fault_codes(plan) == codes


def test_jumps_are_counted_in_the_patch_itself():
    """The file behind the series has the lines of other patches too, and others stood where the calls were looked for."""
    base = b"int f(void)\n{\n\tif (a)\n\t\tgoto out;\n\tif (b)\n\t\tgoto out;\nout:\n\treturn 0;\n}\n"
    edits = tuple(Edit(line, (), (b"\t\tput(x);\n",)) for line in (4, 6))
    file = SimpleNamespace(path="a.c", base=base, after=b"int g;\n" * 3 + base)
    plan = SimpleNamespace(edits=[("a.c", edits)], files=[file])
    assert repairs._before_jumps(plan) == "before these two jumps to out"
    two = tuple(Edit(line, (), (b"\t\tunlock(x);\n", b"\t\tput(x);\n")) for line in (4, 6))
    assert repairs.jumps_mended(SimpleNamespace(edits=[("a.c", two)], files=[file])) == (2, "out")


@pytest.mark.parametrize(
    ("lines", "new", "label"),
    [
        ((8,), b"\tput(x);\n", "out"),
        ((6,), b"\tput(x);\n", ""),
        ((6, 8), b"\tput(x);\n", ""),
        ((8,), b"\tput(x);\n\tunlock(x);\n", "out"),
    ],
)
def test_a_call_at_a_label_is_told_as_such(lines, new, label):
    """`Call put() there.` leaves the reader to look for the place."""
    base = b"int f(void)\n{\n\tif (a)\n\t\tgoto out;\n\tlook(x);\n\n out:\n\n\treturn 0;\n}\n"
    edits = tuple(Edit(line, (), tuple(f"{one}\n".encode() for one in new.decode().split("\n")[:-1])) for line in lines)
    plan = SimpleNamespace(edits=[("a.c", edits)], files=[SimpleNamespace(base=base, path="a.c")])
    assert repairs.at_label(plan) == label


@pytest.mark.parametrize(
    ("above", "new", "label"),
    [
        ("out:\n\n", "\tput(x);\n", "out"),
        ("out:\n\tif (a)\n\t\tlook(a);\n", "\tput(x);\n", "out"),
        ("out:\n\tif (a)\n\t\treturn 0;\n", "\tput(x);\n", ""),
        ("out:\n\tif (a)\n\t\tgoto end;\n", "\tput(x);\n", ""),
        ("out:\n\tif (a)\n", "\t\tput(x);\n", ""),
        ("\tfor (;;) {\nnext:\n\t\tlook(a);\n\t}\n", "\tput(x);\n", ""),
        ("", "\tput(x);\n", ""),
    ],
    ids=["the last", "behind a test", "another return", "another jump", "in a branch", "in a loop", "none"],
)
def test_the_label_by_which_all_come_to_a_call(above, new, label):
    """`on every path through out` is untrue where some leave before the call, or where that is made for some alone."""
    base = f"int f(void)\n{{\n\tlook(b);\n{above}\treturn 0;\n}}\n".encode()
    edits = (Edit(base[: base.index(b"\treturn 0;\n}")].count(b"\n") + 1, (), (new.encode(),)),)
    plan = SimpleNamespace(edits=[("a.c", edits)], files=[SimpleNamespace(base=base, path="a.c")])
    assert repairs.label_passed(plan) == label


@pytest.mark.parametrize(
    ("behind", "said"), [("kfree(x);", "before kfree() is called"), ("return 0;", ""), ("x = 1;", ""), ("}", "")]
)
def test_a_call_ahead_of_another_one_is_told_as_such(behind, said):
    """`Call mutex_unlock() there` names no place."""
    base = f"int f(void)\n{{\n\tlook(b);\n\t{behind}\n\treturn 0;\n}}\n".encode()
    plan = SimpleNamespace(
        edits=[("a.c", (Edit(4, (), (b"\tput(x);\n",)),))], files=[SimpleNamespace(base=base, path="a.c")]
    )
    assert repairs._before_call(plan) == said


def test_a_cover_letter_has_the_list_that_it_announces():
    """`It stays locked on these:` ended a paragraph, and nothing followed."""
    assert _first_words("It stays on these:\n\n  f()\n\nBad.") == "It stays on these:\n\n  f()"
    assert _first_words("It stays.\n\nBad.") == "It stays."


@pytest.mark.parametrize(
    ("lock", "subject"),
    [
        ("long_way_to(the_inner_structure_of(demo))->io_sem", "release io_sem when look() fails"),
        ("long_way_to(the_inner_structure_of(demo->io_sem))", "release the semaphore in demo_writepage1() on failure"),
    ],
)
def test_a_long_lock_is_named_by_its_member(text_of, demo_kernel, lock, subject):
    """`release the semaphore` says less; and what stands in brackets at the end is no name."""
    file = demo_kernel / FIRST[0]
    file.write_text(file.read_text().replace("\tif (!info)", "\terr = look(info);\n\tif (err)", 1))
    for words in (["add", "-A"], ["commit", "-q", "-m", "look"]):
        subprocess.run(["git", *words], cwd=demo_kernel, check=True, capture_output=True)

    def change(finding, _):
        edit = Edit(finding.line, (), (b"\t\tup_write(&sem);\n",))
        breach = dataclasses.replace(
            finding.breach, condition="err", resource="semaphore", resource_name=lock, missing=()
        )
        obligation = dataclasses.replace(finding.obligation, kind="gives_back")
        message = f"demo_writepage1() fails with semaphore {lock} still held"
        fix = Fix((edit,), finding.fix.semantic_patch, "")
        return dataclasses.replace(finding, breach=breach, obligation=obligation, message=message, fix=fix)

    [message] = text_of([(*FIRST, "unlocks")], change)
    assert f"demo: {subject}" == message.subjects[0]


def test_all_locks_of_a_patch_are_named(text_of):
    """A message about one of two locks would leave the reader to find out why two calls are added."""
    names = iter(("&m", "&n"))

    def change(finding, _):
        name = next(names)
        edit = Edit(finding.line, (), (b"\t\tmutex_unlock(&m);\n", b"\t\tmutex_unlock(&n);\n"))
        breach = dataclasses.replace(finding.breach, resource="mutex", resource_name=name, missing=())
        obligation = dataclasses.replace(finding.obligation, kind="gives_back")
        fix = Fix((edit,), finding.fix.semantic_patch, "")
        message = f"demo_writepage1() fails with mutex {name} still locked"
        return dataclasses.replace(finding, breach=breach, obligation=obligation, message=message, fix=fix)

    [message] = text_of([(*FIRST, "unlocks")] * 2, change)
    assert message.subjects[0] == "demo: release &m and &n in demo_writepage1() on failure"
    assert "fails with the mutex &m and the mutex &n still locked when " in flat(message)
    assert "The next task that wants one of them sleeps" in flat(message)
    assert "before returning -EIO." in flat(message)


def test_a_failure_that_keeps_a_lock_is_named(text_of, demo_kernel):
    """`release it when f() fails` is untrue of an f() that releases it on its other failures."""
    file = demo_kernel / FIRST[0]
    file.write_text(file.read_text().replace("\tif (!info)", "\terr = look(info);\n\tif (err)", 1))
    for words in (["add", "-A"], ["commit", "-q", "-m", "look"]):
        subprocess.run(["git", *words], cwd=demo_kernel, check=True, capture_output=True)

    def change(finding, _):
        edit = Edit(finding.line, (), (b"\t\tmutex_unlock(&m);\n",))
        breach = dataclasses.replace(finding.breach, condition="err", resource="mutex", resource_name="&m", missing=())
        obligation = dataclasses.replace(finding.obligation, kind="gives_back")
        message = "demo_writepage1() fails with mutex &m still locked"
        fix = Fix((edit,), finding.fix.semantic_patch, "")
        return dataclasses.replace(finding, breach=breach, obligation=obligation, message=message, fix=fix)

    [message] = text_of([(*FIRST, "unlocks")], change)
    assert "is held" not in flat(message)
    assert message.subjects[0] == "demo: release &m when look() fails"
    assert "demo_writepage1() returns -EIO with the mutex &m still locked when look() fails." in flat(message)
    file.write_text(file.read_text().replace("\terr = look(info);", "\tlook(page);\n\terr = look(info);", 1))
    subprocess.run(["git", "commit", "-qam", "twice"], cwd=demo_kernel, check=True, capture_output=True)
    [message] = text_of([(*FIRST, "unlocks")], change)
    assert "still locked when look() fails while &m is held." in flat(message)


@pytest.mark.parametrize(
    ("says", "told", "named"),
    [
        ("returns with inode still referenced, on this way alone", True, "before returning -EIO."),
        ("returns with inode still referenced", False, "before returning -EIO."),
        ("fails with inode still referenced", False, "before returning -EIO."),
    ],
)
def test_a_way_that_alone_keeps_the_thing(text_of, says, told, named):
    """`on the path that returns 0` is true of a good way too; and `the others give it back` is untrue where nobody has looked."""

    def unsaid(finding):
        return dataclasses.replace(finding, breach=dataclasses.replace(finding.breach, condition=""))

    def change(finding, _):
        edit = Edit(finding.line, (), (b"\t\tiput(inode);\n",))
        breach = dataclasses.replace(finding.breach, resource="inode", resource_name="inode", missing=())
        obligation = dataclasses.replace(finding.obligation, kind="gives_back")
        fix = Fix((edit,), finding.fix.semantic_patch, "")
        message = f"demo_writepage1() {says}"
        return dataclasses.replace(finding, breach=breach, obligation=obligation, message=message, fix=fix)

    [message] = text_of([(*FIRST, "unlocks")], change)
    assert told == ("All its other ways give it back." in flat(message))
    assert "the path that returns" not in flat(message)
    assert told == ("when info is NULL. All its other" in flat(message))
    [blind] = text_of([(*FIRST, "unlocks")], lambda finding, lines: change(unsaid(finding), lines))
    assert told == ("does not drop its reference to the inode on one of its ways. All its other ways" in flat(blind))
    assert "demo: fix inode leak in demo_writepage1()" == message.subjects[0]
    assert f"Call iput() {named}" in flat(message)


def test_lists():
    """Enumerations read like English."""
    assert [listed(list("abcdef")[:n]) for n in (1, 2, 3, 4, 6)] == [
        "a",
        "a and b",
        "a, b and c",
        "a, b, c and d",
        "a, b, c and 3 more",
    ]


def test_semantic_patches_are_shown_without_comments_and_long_lines():
    """checkpatch warns of lines over 75 columns, and a comment may hold anything."""
    long = " ... when != \\(" + "\\|".join(f"function_number_{n}(...)" for n in range(12)) + "\\)"
    block = smpl_block(f"// From evil\n@r@\n@@\n{long}\n-  f(a, {'b, ' * 40}c);\n\n+g();\n")

    assert block.startswith("  // <smpl>\n  @r@\n")
    assert all(len(line) <= 75 for line in block.split("\n"))
    assert "evil" not in block
    signed = [line[2] for line in block.split("\n") if "b," in line]
    assert set(signed) == {"-"}


def test_spatch_reads_what_a_message_shows(tmp_path, need):
    """A reviewer copies the semantic patch out of the mail: a folded `when` is no SmPL, and what is added stands as it is."""
    need("spatch")
    either = "\\(" + "\\|".join(f"function_number_{n}(...)" for n in range(12)) + "\\)"
    never = f"settle(page->mapping->host, {', '.join(f'argument_{n}' for n in range(9))})"
    added = f"clean_up(page, {', '.join(f'page->member_{n}' for n in range(9))});"
    ways = f" ... when != {either}\n     when != {never}\n"
    rule = f"@r exists@\nsymbol page;\n@@\n f(...)\n {{\n{ways}+{added}\n return -EIO;\n ...\n }}\n"
    shown = smpl_block(rule).split("\n")[1:-1]
    (tmp_path / "rule.cocci").write_text("\n".join(line.removeprefix("  ") for line in shown) + "\n")
    (tmp_path / "f.c").write_text("int f(void)\n{\n\treturn -EIO;\n}\n")

    subprocess.run(
        ["spatch", "--in-place", "--sp-file", "rule.cocci", "f.c"], cwd=tmp_path, capture_output=True, check=True
    )

    mended = " ".join((tmp_path / "f.c").read_text().split())  # it breaks long lines by itself
    assert mended == f"int f(void) {{ {added} return -EIO; }}"
    assert max(map(len, shown)) > 75 > max(len(line) for line in shown if "function_number" in line)


@pytest.mark.parametrize(
    ("statement", "condition", "said"),
    [
        ("return err;", "err < 0", "demo_writepage1() returns an error when get_it() fails"),
        ("return (err);", "err < 0", "demo_writepage1() returns an error when get_it() fails"),
        ("return err;", "page->x", "demo_writepage1() returns err when"),
        ("return -EIO;", "err < 0", "demo_writepage1() returns -EIO when get_it() fails"),
    ],
    ids=["an error", "in brackets", "perhaps none", "its number"],
)
def test_the_name_of_a_variable_is_no_english(text_of, demo_kernel, statement, condition, said):
    """Whoever does not have the code before his eyes reads `returns status` as a word."""
    file = demo_kernel / FIRST[0]
    file.write_text(file.read_text().replace("if (!info)", f"err = get_it(page);\n\tif ({condition})", 1))
    for words in (["add", "-A"], ["commit", "-q", "-m", "condition"]):
        subprocess.run(["git", *words], cwd=demo_kernel, check=True, capture_output=True)

    def change(finding, _):
        breach = dataclasses.replace(finding.breach, statement=statement, condition=condition)
        return dataclasses.replace(finding, breach=breach)

    [message] = text_of([(*FIRST, "unlocks")], change)
    assert said in flat(message)


@pytest.mark.parametrize("kinds", [("unlocks", "writeback"), ("writeback",)])
def test_a_patch_does_not_describe_what_the_one_before_has_mended(text_of, kinds):
    """Applied in order, the second message would be untrue of the code that it changes."""
    *_, message = text_of([(*FIRST, kind) for kind in kinds])

    assert ("unlocks the page on its other ways without" in flat(message)) == (len(kinds) == 2)


def test_the_last_return_is_named_where_a_patch_before_mends_others(text_of):
    """What the patch before has mended is not in the commit that the message will stand in."""

    def at_the_end(finding, lines):
        if finding.obligation.kind != "writeback":
            return finding
        end = next(number for number, line in enumerate(lines[finding.line :], finding.line + 1) if b"return" in line)
        return dataclasses.replace(finding, line=end)

    *_, message = text_of([(*FIRST, kind) for kind in ("unlocks", "writeback")], at_the_end)
    assert "unlocks the page before its last return without" in flat(message)


def test_an_exit_of_unknown_cause_is_not_left_unsaid(text_of):
    """A patch mended two exits, and its message said that the one of them fails, as if the other did not."""

    def change(finding, _):
        also = tuple(Step(finding.file, line, ALSO_HERE) for line in (finding.line, 2))
        return dataclasses.replace(finding, evidence=also)

    [message] = text_of([(*FIRST, "unlocks")], change)
    assert "info is NULL" not in flat(message)


@pytest.mark.parametrize(
    ("taker", "told", "said", "unsaid"),
    [
        (
            "mutex_lock",
            "",
            "The next task that wants the mutex sleeps for ever in uninterruptible (D) state.",
            "only tries",
        ),
        ("mutex_trylock", "", "whoever only tries, as demo_writepage1() does, fails every time", "The next task"),
        ("mutex_lock_killable", "", "as demo_writepage1() does, until he is killed.", "The next task"),
        (
            "mutex_lock",
            "moderate: box is the caller's, who may give it back",
            "no path gives it back once mutex_lock() has taken it.",
            "nobody else",
        ),
        (
            "mutex_lock",
            "it is taken with mutex_lock(), mutex_lock_killable(), mutex_trylock()",
            "(D) state, mutex_lock_killable() sleeps until it is killed and mutex_trylock() fails every time.",
            "The next task",
        ),
        (
            "mutex_lock",
            "it is taken with mutex_lock_interruptible()",
            "Nobody can take the mutex again: mutex_lock_interruptible() sleeps until a signal comes.",
            "for ever",
        ),
        ("mutex_lock", "it is taken with mutex_lock()", "The next task that wants the mutex sleeps for ever", "again"),
    ],
)
def test_a_lock_is_told_as_it_is_taken(text_of, taker, told, said, unsaid):
    """Nobody sleeps for ever for a lock that is only tried, or that a signal ends the wait for; what the caller may do is not
    denied."""
    message = _lock_kept(text_of, "mutex box->m", f"{taker}() takes mutex box->m", told)
    assert said in flat(message)
    assert unsaid not in flat(message)


def test_of_a_lock_that_is_taken_twice_only_the_one_is_spoken_of(text_of):
    """A function takes and gives back the same lock elsewhere, and its message said that no path through it does."""
    said = []

    def change(finding, lines):
        took = dataclasses.replace(finding, evidence=(Step(finding.file, 1, "unlock_page() takes mutex box->m"),))
        for text in (b"\n".join(lines), b"\n".join(lines).replace(b"unlock_page(", b"unlock_page(unlock_page(")):
            said.append(_once_taken(took, text))
        return finding

    text_of([(*FIRST, "unlocks")], change)
    assert said[:2] == [" once unlock_page() has taken it", " once it is taken there"]


@pytest.mark.parametrize(("lock", "said"), [("page page", "to lock the page"), ("mutex m", "the mutex")])
def test_what_is_wanted_of_a_page_is_its_lock(text_of, lock, said):
    """Many look at a page without its lock."""
    assert f"The next task that wants {said} sleeps for ever" in flat(
        _lock_kept(text_of, lock, f"grab() takes {lock}", "")
    )


@pytest.mark.parametrize(
    ("lock", "told", "said"),
    [
        (
            "semaphore box->m",
            "",
            "wants the semaphore for writing sleeps for ever in uninterruptible (D) state, and so do readers that come after it.",
        ),
        ("semaphore box->m", "it is never taken for writing", "Nobody can take the semaphore for writing again."),
        (
            "semaphore box->m",
            "it is taken for writing with down_write_trylock()",
            "Nobody can take the semaphore for writing again: down_write_trylock() fails every time.",
        ),
        ("lock box->m", "", "The next task that wants the lock for writing spins for ever, and so do readers"),
    ],
)
def test_who_only_reads_stops_nobody_but_writers(text_of, lock, told, said):
    """The message of a semaphore kept for reading told that whoever wants it next sleeps, where other readers go on."""
    message = _lock_kept(text_of, lock, f"grab() takes {lock} for reading", told)
    assert said in flat(message)
    assert not re.search("wants the (?:semaphore|lock) (?:sleeps|spins)", flat(message))


def _lock_kept(text_of, lock: str, took: str, told: str) -> Message:
    """The message for a lock that a function keeps, of which two notes tell."""

    def change(finding, _):
        sort, _, name = lock.partition(" ")
        breach = dataclasses.replace(finding.breach, resource=sort, resource_name=name, missing=())
        obligation = dataclasses.replace(finding.obligation, kind="gives_back")
        evidence = (*finding.evidence, *(Step(finding.file, 1, note) for note in (took, told)))
        message = f"demo_writepage1() returns with {lock} still locked, which nobody gives back"
        return dataclasses.replace(finding, breach=breach, obligation=obligation, evidence=evidence, message=message)

    [message] = text_of([(*FIRST, "unlocks")], change)
    return message


@pytest.mark.parametrize(
    ("sort", "name", "subject"),
    [
        ("page", "folio", "fix folio leak in demo_writepage1()"),
        ("write access to", "file", "end write access in demo_writepage1() on failure"),
    ],
)
def test_what_is_kept_has_its_own_name(text_of, sort, name, subject):
    """`give back what was taken on all paths` tells nobody what is mended, and no folio is `the page folio`."""

    def change(finding, _):
        breach = dataclasses.replace(finding.breach, resource=sort, resource_name=name, missing=())
        obligation = dataclasses.replace(finding.obligation, kind="gives_back")
        how = "referenced" if sort == "page" else "held"
        edit = Edit(finding.line, (b"\t\treturn -EIO;\n",), (b"\t\tgoto out;\n",))
        fix = Fix((edit,), finding.fix.semantic_patch, "") if how == "held" else finding.fix
        message = f"demo_writepage1() fails with {sort} {name} still {how}"
        return dataclasses.replace(finding, breach=breach, obligation=obligation, message=message, fix=fix)

    [message] = text_of([(*FIRST, "unlocks")], change)
    assert message.subjects[0] == f"demo: {subject}"
    assert "the page folio" not in flat(message)


@pytest.mark.parametrize("twice", [True, False])
def test_a_number_that_two_exits_return_tells_no_exit(text_of, demo_kernel, twice):
    """A reader would look at the wrong of two returns of -EIO."""
    if twice:
        file = demo_kernel / FIRST[0]
        file.write_text(file.read_text().replace("\treturn err;", "\tif (err)\n\t\treturn -EIO;\n\treturn err;", 1))
        for words in (["add", "-A"], ["commit", "-q", "-m", "twice"]):
            subprocess.run(["git", *words], cwd=demo_kernel, check=True, capture_output=True)

    def change(finding, _):
        obligation = dataclasses.replace(finding.obligation, kind="gives_back")
        breach = dataclasses.replace(finding.breach, condition="", resource="inode", resource_name="inode")
        return dataclasses.replace(
            finding, obligation=obligation, breach=breach, message="x() fails with inode still referenced"
        )

    [message] = text_of([(*FIRST, "unlocks")], change)
    assert ("on the path that returns -EIO" in flat(message)) == (not twice)

    def left_locked(finding, _):
        obligation = dataclasses.replace(finding.obligation, kind="returns_locked")
        return dataclasses.replace(finding, obligation=obligation)

    def redirtied(finding, _):
        edit = Edit(finding.line, (), (b"\t\tredirty_page_for_writepage(wbc, page);\n",))
        return dataclasses.replace(finding, fix=Fix((edit,), finding.fix.semantic_patch, ""))

    for kind, changed in (("unlocks", left_locked), ("writeback", redirtied)):
        [message] = text_of([(*FIRST, kind)], changed)
        assert any("returns -EIO" in subject for subject in message.subjects) == (not twice)


@pytest.mark.parametrize(
    ("note", "shown"),
    [
        ("`return VM_FAULT_RETRY;` is reached, and the value is VM_FAULT_RETRY", "`return VM_FAULT_RETRY;` is reached"),
        ("`return ret;` is reached, and the value is VM_FAULT_RETRY", None),
    ],
)
def test_a_value_that_stands_in_the_return_is_not_said_again(note, shown):
    """Twice the same word reads like a mistake; what a variable holds has to be said."""
    assert f"  a.c:3: {shown or note}" == " ".join(evidence(Step("a.c", 3, note)).split("\n  ")).replace("\n", " ")


def test_a_kind_without_nouns_of_its_own_has_those_of_the_frame(monkeypatch):
    """Two patches of such a kind ended a whole run in a KeyError, at the title of their cover letter."""
    monkeypatch.setattr(messages, "_variables", lambda *_: {})
    monkeypatch.setattr(messages, "_template", lambda _: messages._environment().from_string("no blocks at all"))

    assert all(messages.nouns_of(SimpleNamespace(kind="any"), BACKGROUND, None))


@pytest.mark.parametrize(
    ("allocates", "said"),
    [
        (WHICH_IT_ALLOCATES, "What bed_get() allocates is not freed on these paths:"),
        ("", "What was taken is kept on these paths:"),
    ],
    ids=["memory", "references"],
)
def test_memory_of_several_functions_is_not_freed(text_of, allocates, said):
    """Three functions that lack the same have names of their own for it: `What was taken is kept` says least of all."""
    names = iter(("bed", "other"))

    def change(finding, _):
        name = next(names)
        edit = Edit(finding.line, (), (b"\t\tbed_put(it);\n",))
        breach = dataclasses.replace(finding.breach, resource="bed", resource_name=name, missing=())
        obligation = dataclasses.replace(finding.obligation, kind="gives_back")
        message = f"{finding.function}() fails with bed {name} still referenced"
        took = Step(finding.file, 2, f"bed_get() takes bed {name}{allocates}")
        fix = Fix((edit,), finding.fix.semantic_patch, "")
        return dataclasses.replace(
            finding, breach=breach, obligation=obligation, message=message, fix=fix, evidence=(*finding.evidence, took)
        )

    [message] = text_of([(*FIRST, "unlocks"), (*SECOND, "unlocks")], change)
    assert said in flat(message)


def test_a_rule_that_changes_what_another_one_has_changed_is_not_shown():
    """A reader ran each rule of a mail: the jump that frees two things had two rules, of which either makes all of it."""

    def fixed(line, rule):
        fix = Fix((Edit(line, (b"return err;",), (b"goto out;",)),), f"@{rule}@\n@@\n-return err;\n+goto out;\n", "")
        return SimpleNamespace(file="fs/a.c", fix=fix)

    plan = SimpleNamespace(findings=(fixed(3, "first"), fixed(3, "second"), fixed(9, "third")), edits=())

    assert [re.search("@(.*)@", block)[1] for block in messages.smpl_blocks(plan)] == ["first", "third"]
