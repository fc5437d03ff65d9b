"""What a message says beyond the breach itself: what comes of it later, what is left, and why; each only where it is so."""

import dataclasses
import subprocess
from types import SimpleNamespace

import pytest

from cocci_gen.facts.calls.steps import Step
from cocci_gen.findings.findings import DROPPED_HERE, EVERY_WAY, LEFT_HERE, Edit, Fix, NoFix, Registration, split_lines
from cocci_gen.kernel.maintainers import Maintainers
from cocci_gen.kernel.subject_prefix import Prefix
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.series.plans import plan_sections
from cocci_gen.series.words import breaches, exits, repairs
from cocci_gen.series.words.messages import Background, patch_message
from cocci_gen.series.words.rule_book import RuleBook
from cocci_gen.series.words.ways import return_words

BACKGROUND = Background("0.1.0", "1.1.1", "6.1", "", "")
PREFIX = Prefix("demo: ", capital=False, source="test")
FILE, FUNCTION = "fs/demo/file.c", "demo_writepage1"


@pytest.fixture
def told(demo_kernel, make_finding):
    """told(kind, change, others, book) -> the body for one finding as `change` makes it of the finding and the lines of its
    file; `others` are more findings of the function, made the same way."""

    def make(kind, change, others=(), book=None):
        with KernelTree.open(demo_kernel) as tree:
            base = tree.read(FILE)
            lines = split_lines(base)
            made = [each(make_finding(tree, FILE, FUNCTION, of), lines) for of, each in ((kind, change), *others)]
        [section], _ = plan_sections(made, Maintainers.parse(b"", []), {FILE: base})
        plan = min(section.patches, key=lambda one: one.kind != made[0].obligation.kind)
        return " ".join(patch_message(plan, PREFIX, BACKGROUND, book or RuleBook()).body.split())

    return make


def commit(kernel, old, new):
    """Edit the file of the demo kernel."""
    file = kernel / FILE
    file.write_text(file.read_text().replace(old, new, 1))
    for words in (["add", "-A"], ["commit", "-q", "-m", "edit"]):
        subprocess.run(["git", *words], cwd=kernel, check=True, capture_output=True)


def noting(note, **breach):
    """A change that adds a note to the evidence."""

    def change(finding, _):
        found = dataclasses.replace(finding.breach, **breach)
        return dataclasses.replace(finding, breach=found, evidence=(*finding.evidence, Step(FILE, finding.line, note)))

    return change


# ->page_mkwrite: what writeback does later, and what a signal does.


@pytest.fixture
def retry(demo_kernel):
    """A function that returns VM_FAULT_RETRY."""
    commit(demo_kernel, "return -EIO;", "return VM_FAULT_RETRY; /* return -EIO; */")


def exchanging(note, left=("note_store",), new=b"VM_FAULT_NOPAGE"):
    """A change that has the code exchanged by the fix."""

    def change(finding, lines):
        old = lines[finding.line - 1]
        edit = Edit(finding.line, (old,), (old.replace(b"VM_FAULT_RETRY", new),))
        obligation = dataclasses.replace(finding.obligation, kind="returns", method="page_mkwrite")
        breach = dataclasses.replace(finding.breach, left_out=left, missing=("VM_FAULT_NOPAGE",))
        fix = Fix((edit,), finding.fix.semantic_patch, "")
        steps = (*finding.evidence, Step(FILE, finding.line, note))
        return dataclasses.replace(finding, obligation=obligation, breach=breach, fix=fix, evidence=steps)

    return change


LATER = {
    "each() comes to BUG() without private data": "Unless it has private data already, each() then hits BUG().",
    "each() returns 0 where look() finds no private data": (
        "Unless it has private data already, look() finds none at writeback, and each() returns 0 with nothing written: what is "
        "stored through the mapping is lost silently."
    ),
    "each() takes from the private data which part to write": (
        "each() writes only the part of it that the private data names, which knows nothing of this fault: what is stored "
        "through the mapping outside of that part is lost silently."
    ),
}


JUMPS = (
    "\terr = -EIO;\n\tif (!open(x))\n\t\tgoto out;\n\terr = -ENOMEM;\n\tif (!look(x))\n\t\tgoto out;\n\tif (x) {\n"
    "\t\terr = -ENOSPC;\n\t\tput(x);\n\t}\n\tif (y)\n\t\tgoto out;\n\tset(&err);\n\tif (z)\n\t\tgoto out;\nout:\n"
    "\tif (y)\n\t\tgoto out;\n"
)


@pytest.mark.parametrize(("line", "code"), [(3, "-EIO"), (6, "-ENOMEM"), (12, ""), (15, ""), (18, "")])
def test_what_a_jump_carries(line, code):
    """A number that is set in a branch, by somebody else or before a label is not surely that which is returned."""
    assert exits.carried(line, "err", JUMPS.encode()) == code


@pytest.mark.parametrize(
    ("other", "subject"),
    [
        ("-EIO", "demo: redirty the page when demo_writepage1() returns -ENOMEM"),
        ("-ENOMEM", "demo: redirty the page in demo_writepage1()"),
    ],
)
def test_a_subject_says_which_ways_are_mended(demo_kernel, make_finding, other, subject):
    """`Redirty the page` of a function that goes on without doing so on another way promises more than the patch does."""
    body = f"\terr = {other};\n\tif (!open(x))\n\t\tgoto out;\n\terr = -ENOMEM;\n\tif (!look(x))\n\t\tgoto out;\nout:\n"
    commit(
        demo_kernel,
        "\tif (!info)\n\t\treturn -EIO;\n",
        f"{body}\tunlock_page(page);\n\treturn err; /* return -EIO; */\n",
    )
    with KernelTree.open(demo_kernel) as tree:
        base = tree.read(FILE)
        lines = split_lines(base)
        finding = make_finding(tree, FILE, FUNCTION, "writeback")
    left, mended = (n for n, line in enumerate(lines, 1) if line == b"\t\tgoto out;\n")
    breach = dataclasses.replace(finding.breach, statement="return err;")
    new = (lines[mended - 2].replace(b")\n", b") {\n"), b"\t\tredirty_page_for_writepage(wbc, page);\n")
    edits = (Edit(mended - 1, (lines[mended - 2],), new), Edit(mended + 1, (), (b"\t}\n",)))
    step = Step(FILE, left, f"{LEFT_HERE}: the file system drops the data on purpose")
    changed = dataclasses.replace(finding, breach=breach, fix=Fix(edits, "", ""), evidence=(*finding.evidence, step))
    [section], _ = plan_sections([changed], Maintainers.parse(b"", []), {FILE: base})

    assert patch_message(section.patches[0], PREFIX, BACKGROUND, RuleBook()).subjects[0] == subject


@pytest.mark.usefixtures("retry")
@pytest.mark.parametrize("closes", [True, False])
def test_what_the_exits_keep_as_well_is_told(told, closes):
    """Who finds a call in the hunk that the message does not speak of asks what it is for."""
    head, *held = (b"\tif (!info) {\n", b"\t\tsb_end_fault(sb);\n") if closes else (b"\tif (!info) {\n",)

    def returning(finding, lines):
        found = exchanging("", left=())(finding, lines)
        [edit] = found.fix.edits
        new = (head, *held, *edit.new, b"\t}\n")
        wide = Edit(edit.line - 1, (lines[edit.line - 2], *edit.old), new)
        return dataclasses.replace(found, fix=Fix((wide,), "", ""))

    def keeping(finding, lines):
        at = finding.line - 1
        edits = (Edit(at, (lines[at - 1],), (head, *held)), Edit(at + 2, (), (b"\t}\n",)))
        breach = dataclasses.replace(
            finding.breach, missing=(), resource="protection against freezing of", resource_name="sb"
        )
        message = "f() returns with protection against freezing of sb still held"
        obligation = dataclasses.replace(finding.obligation, kind="gives_back", method="page_mkwrite")
        return dataclasses.replace(
            finding, obligation=obligation, breach=breach, message=message, fix=Fix(edits, "", "")
        )

    body = told("unlocks", returning, [("unlocks", keeping)] if closes else [])
    kept = (
        "This exit also keeps the protection against freezing of sb, of which lockdep complains when the task returns to user "
        "space: call sb_end_fault() there, too."
    )
    assert "demo_writepage1() returns VM_FAULT_RETRY" in body
    assert "Return VM_FAULT_NOPAGE" in body
    assert (kept in body) == closes


@pytest.mark.usefixtures("retry")
@pytest.mark.parametrize("note", [*LATER, "nothing that is known"])
def test_what_writeback_does_with_the_page(told, note):
    """Who threatens with a BUG() or with lost data has to have seen it."""
    body = told("unlocks", exchanging(note))

    assert [words in body for words in LATER.values()] == [one == note for one in LATER]
    assert "lost" not in told("unlocks", exchanging(note, left=()))  # nothing was left out


@pytest.mark.usefixtures("retry")
@pytest.mark.parametrize(("wait", "killed"), [("wait_killable(page)", True), ("wait_long(page)", False)])
@pytest.mark.parametrize(
    ("note", "where"),
    [
        ("each() returns 0 where look() finds no private data", ""),
        ("each() takes from the private data which part to write", " outside of that part"),
    ],
)
def test_a_killed_task_stores_nothing_more_itself(told, wait, killed, note, where):
    """`What is stored through the mapping is lost` overstates where the task that has faulted never comes back to user mode."""
    change = exchanging(note)

    def waiting(finding, lines):
        breach = dataclasses.replace(finding.breach, condition=wait)
        return change(dataclasses.replace(finding, breach=breach), lines)

    body = told("unlocks", waiting)
    assert (
        f"what copy_to_user(), or a process that shares the memory, stores through the mapping{where} is lost" in body
    ) == killed
    assert (f"what is stored through the mapping{where} is lost" in body) != killed


@pytest.mark.usefixtures("retry")
@pytest.mark.parametrize(
    ("note", "left", "said"),
    [
        (
            "each() takes from the private data which part to write",
            ("note_store", "set_private"),
            "does not put down in its",
        ),
        ("each() takes from the private data which part to write", ("note_store",), "dirties it without note_store()"),
        ("each() comes to BUG() without private data", ("set_private",), "dirties it without set_private()"),
    ],
)
def test_a_list_of_helpers_is_not_read(told, note, left, said):
    """That the part is recorded nowhere says what five names of helpers only let one guess."""
    assert said in told("unlocks", exchanging(note, left=left))


@pytest.mark.usefixtures("retry")
@pytest.mark.parametrize("dirties", ["fault_dirty_shared_page()", ""])
def test_who_dirties_the_page_is_named_where_the_tree_has_it(told, dirties):
    """A module without its kernel, or an old tree, has no such function."""
    body = told("unlocks", exchanging(""), book=RuleBook(dirties=dirties))

    assert ("The fault itself (fault_dirty_shared_page()) then dirties it" in body) == bool(dirties)
    assert "The fault itself" in body


def test_a_call_that_a_signal_ends_is_told(told, demo_kernel):
    """A reviewer asks why a signal that kills nobody ends in SIGBUS."""
    commit(demo_kernel, "return -EIO;", "ret = VM_FAULT_RETRY; /* return -EIO; */")

    def mixed(*notes):
        def change(finding, lines):
            old = lines[finding.line - 1]
            edit = Edit(finding.line, (old,), (b"\t\terr = flush(page);\n\t\tret = vmf_error(err);\n",))
            obligation = dataclasses.replace(finding.obligation, kind="returns", method="page_mkwrite")
            value = "`return ret;` is reached, and the value is VM_FAULT_LOCKED|VM_FAULT_RETRY"
            steps = tuple(Step(FILE, finding.line, one) for one in (value, *notes))
            fix = Fix((edit,), finding.fix.semantic_patch, "")
            return dataclasses.replace(finding, obligation=obligation, fix=fix, evidence=steps)

        return change

    signal = "flush() may fail for a signal, as wait() does with -EINTR"
    assert "flush() may fail for a signal too, fatal or not; that becomes VM_FAULT_SIGBUS." in told(
        "unlocks", mixed(signal)
    )
    lost = "flush() loses what it cannot write, and records the error in the mapping"
    assert (
        "that becomes VM_FAULT_SIGBUS, as the data that it was to write is lost by then, and the error recorded"
        in told("unlocks", mixed(signal, lost))
    )
    assert "signal" not in told("unlocks", mixed("nothing"))


def test_an_assignment_that_goes_is_told(told, demo_kernel):
    """`Return VM_FAULT_NOPAGE` is not what a diff does that only takes a line away."""
    commit(demo_kernel, "return -EIO;", "ret = VM_FAULT_RETRY; /* return -EIO; */")
    change = exchanging("")

    def dropping(finding, lines):
        finding = change(finding, lines)
        edit = Edit(finding.line, (lines[finding.line - 1],), ())
        breach = dataclasses.replace(finding.breach, resource_name="ret")
        return dataclasses.replace(finding, breach=breach, fix=Fix((edit,), "", ""))

    dropped, exchanged = told("unlocks", dropping), told("unlocks", change)
    assert "Drop the assignment, which leaves VM_FAULT_NOPAGE in ret. The fault is then taken again." in dropped
    assert "Drop" not in exchanged
    assert "Return VM_FAULT_NOPAGE. The fault is then taken again." in exchanged


# ->writepage: what is left, and why.


@pytest.mark.parametrize(
    ("why", "said"),
    [
        (
            "the function warns of it, and would at every later try",
            "the function warns of it, and would at every later try",
        ),
        ("`is_shut(sb)`: the file system drops the data on purpose", "its data is dropped there on purpose"),
        ("what it holds counts no more", "it is no longer uptodate there, and what is dirty has to be"),
        ("another reason", ""),
    ],
)
def test_why_a_page_is_not_redirtied(told, why, said):
    """An exit that loses data without a word is sent back."""
    body = told("unlocks", noting(f"{DROPPED_HERE}: {why}"))

    assert ("The page is not redirtied, as " + said in body) == bool(said)
    assert "not redirtied" not in told("unlocks", noting("nothing"))


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ("the call that it comes from warns when it fails, and would at every try", "that call warns of a bug then"),
        ("the file system drops the data on purpose", "the file system drops the data there on purpose"),
        ("the page lies beyond the end of the file", ""),
    ],
)
def test_a_way_that_the_fix_leaves_is_told(told, why, said):
    """Who mends two exits of three is asked about the third."""

    def change(finding, _):
        more = Edit(finding.line, (), (b"\t\tredirty_page_for_writepage(wbc, page);\n",))
        steps = (*finding.evidence, Step(FILE, finding.line, f"{LEFT_HERE}: `x`: {why}"))
        return dataclasses.replace(finding, fix=Fix((more,), "", ""), evidence=steps)

    body = told("writeback", change)
    assert ("The exit when info is NULL is left as it is: " + said in body) == bool(said)


@pytest.mark.parametrize(("missing", "said"), [("put_page", True), ("unlock_page", False)])
def test_what_no_patch_mends_is_told(told, missing, said):
    """A second exit that stays broken is told of; one that the patch mends by the way is not."""

    def lame(finding, _):
        breach = dataclasses.replace(finding.breach, missing=(missing,), condition="")
        return dataclasses.replace(finding, fingerprint="f" * 16, breach=breach, fix=NoFix("shared"))

    body = told("unlocks", noting(""), [("unlocks", lame)])
    assert ("breaks the same rule where it returns -EIO; that is left for another patch." in body) == said


@pytest.mark.parametrize(
    ("writeback", "unwritten"), [("left", True), ("mended", False), ("mended on every way", True), ("", False)]
)
def test_why_an_exit_is_left_to_another_patch(told, writeback, unwritten):
    """`why not mend it here?` is the first question to a patch that names what it leaves."""

    def mended(finding, _):
        steps = (*finding.evidence, Step(FILE, finding.line, EVERY_WAY if "every" in writeback else "nothing"))
        return dataclasses.replace(finding, evidence=steps)

    def lame(finding, _):
        breach = dataclasses.replace(finding.breach, missing=("something",), condition="")
        return dataclasses.replace(finding, fingerprint=finding.obligation.kind, breach=breach, fix=NoFix("shared"))

    others = [("unlocks", lame), *([("writeback", lame if writeback == "left" else mended)] if writeback else [])]
    body = told("unlocks", noting(""), others)
    assert ("that is left for another patch, as an unlock alone would lose the data there." in body) == unwritten
    assert "that is left for another patch" in body


@pytest.mark.parametrize(
    ("jump", "said"), [("\t\tgoto out;\n", "before jumping to out."), ("", "before returning -EIO.")]
)
def test_a_call_before_a_jump_is_told_as_such(told, demo_kernel, jump, said):
    """`there` says nothing to somebody who reads the message first."""
    if jump:
        commit(demo_kernel, "\t\treturn -EIO;\n", f"{jump}\t\treturn -EIO;\n")

    def change(finding, _):
        place = finding.line - bool(jump)
        return dataclasses.replace(finding, fix=Fix((Edit(place, (), (b"\t\tredirty(wbc, page);\n",)),), "", ""))

    assert f"Call redirty() {said}" in told("writeback", change)


@pytest.mark.parametrize(
    ("variable", "said"),
    [("write_all()", "although write_all() expects it to be unlocked"), ("demo_aops", "although ->writepage() has to")],
)
def test_who_has_to_unlock_the_page(told, variable, said):
    """A function that a loop calls for each page is no method, and the row of one is not its rule."""

    def change(finding, _):
        return dataclasses.replace(finding, registrations=(Registration("s", variable, "f", 1),))

    body = told("unlocks", change)
    assert said in body
    assert ("locking.rst says so" in body) == (variable == "demo_aops")


@pytest.mark.parametrize(
    ("first", "variable", "said"),
    [
        pytest.param("if (unlikely(is_gone(info)))\n\t\treturn -EIO;", "each_page()", True, id="the same test"),
        pytest.param("if (!is_gone(info))\n\t\treturn -EIO;", "each_page()", False, id="the opposite"),
        pytest.param("if (is_gone(info))\n\t\twarn();", "each_page()", False, id="it does not return"),
        pytest.param("if (is_gone(info))\n\t\treturn -EIO;", "demo_aops", False, id="a table"),
        pytest.param("lock(info);\n}\n\nint f(void)\n{\n\tlock(info);", "each_page()", False, id="none"),
    ],
)
def test_whose_caller_asks_the_same_comes_there_only_by_a_race(told, demo_kernel, first, variable, said):
    """A reviewer who sees the test in the caller takes the finding for false."""
    text = f"int demo_each(struct info *info)\n{{\n\t{first}\n\treturn each_page(info, demo_writepage1);\n}}\n"
    commit(demo_kernel, "static int demo_writepage2", f"{text}\nstatic int demo_writepage2")

    def change(finding, lines):
        place = next(number for number, line in enumerate(lines, 1) if b"return each_page" in line)
        breach = dataclasses.replace(finding.breach, condition="is_gone(info)")
        return dataclasses.replace(finding, breach=breach, registrations=(Registration("s", variable, FILE, place),))

    sentence = "demo_each() tests that first, so it has to become true in between."
    assert (sentence in told("unlocks", change)) == said


def test_no_condition_where_every_way_breaks_the_rule(told):
    """`when x` says that it is right otherwise."""
    assert "when info is NULL" in told("writeback", noting("nothing"))
    assert "when" not in told("writeback", noting(EVERY_WAY)).split("is what clears")[0]


@pytest.mark.parametrize(("statement", "said"), [("return -EACCES;", True), ("return 0;", False)])
def test_what_is_refused_for_good_is_not_kept_dirty(told, statement, said):
    """Writeback around nothing looks strange: why nothing is redirtied has to be said."""
    body = told("writeback", noting("nothing", statement=statement))

    assert ("to redirty the page instead would bring it back for ever, as it is refused for good" in body) == said


def test_calls_around_several_unlocks_are_told_in_their_order(told):
    """`Call A and B on these exits` does not say where."""

    def change(finding, lines):
        places = [number for number, line in enumerate(lines, 1) if line.strip() == b"unlock_page(page);"][:2]
        edits = [
            edit
            for place in places
            for edit in (
                Edit(place, (), (b"\tset_page_writeback(page);\n",)),
                Edit(place + 1, (), (b"\tend_page_writeback(page);\n",)),
            )
        ]
        return dataclasses.replace(finding, fix=Fix(tuple(edits), "", ""))

    body = told("writeback", change)
    assert (
        "Call set_page_writeback() before the page is unlocked on these exits, and end_page_writeback() afterwards."
        in body
    )


def test_what_kill_sb_leaves_out_is_told_apart(told):
    """Two calls in a diff and one in the message: the other one needs its reason."""

    def change(finding, _):
        calls = (b"\t\tdetach(name);\n", b"\t\tdeactivate_locked_super(sb);\n")
        obligation = dataclasses.replace(finding.obligation, kind="returns_locked", method="mount")
        breach = dataclasses.replace(finding.breach, resource="super block", missing=("deactivate_locked_super",))
        note = "demo_kill() does not call detach() then, which the exit without a super block calls"
        steps = (*finding.evidence, Step(FILE, finding.line, note))
        fix = Fix((Edit(finding.line, (), calls),), "", "")
        return dataclasses.replace(finding, obligation=obligation, breach=breach, fix=fix, evidence=steps)

    body = told("unlocks", change)
    assert "Call deactivate_locked_super() before returning -EIO." in body
    assert "detach() is called first, as demo_kill() does not call it in that case." in body
    assert "waits for this one for ever" in body


@pytest.mark.parametrize("moved", [True, False])
def test_a_section_of_its_own_is_told(told, moved):
    """A patch that moves rows between sections is no correction of prototypes."""
    message = "->lm_x() of struct old_ops has moved to struct new_ops (include/linux/new.h)"
    message = message if moved else "the prototype of ->lm_x() of struct old_ops differs from include/linux/new.h"

    def change(finding, _):
        obligation = dataclasses.replace(finding.obligation, kind="prototype")
        return dataclasses.replace(finding, obligation=obligation, message=message)

    body = told("unlocks", change)
    assert ("Describe new_ops in a section of its own" in body) == moved
    assert ("members of struct new_ops: ->lm_x()" in body) == moved
    assert ("One of them stands below the wrong structure:" in body) == moved
    assert ("One of them has drifted from the headers:" in body) != moved
    assert "moved" not in body  # one tree does not tell whether it was ever elsewhere
    assert body.count("headers") == 1 if moved else "Take the types from the headers." in body  # said once


@pytest.mark.parametrize(
    ("condition", "taken", "said"),
    [
        ("code == AOP_WRITEPAGE_ACTIVATE", True, "demo_writepage1() returns AOP_WRITEPAGE_ACTIVATE"),
        ("code == AOP_WRITEPAGE_ACTIVATE", False, "demo_writepage1() returns code"),
        ("other == AOP_WRITEPAGE_ACTIVATE", True, "demo_writepage1() returns code"),
    ],
)
def test_a_value_that_a_test_has_found_is_named(told, condition, taken, said):
    """`returns code` tells nobody that AOP_WRITEPAGE_ACTIVATE goes up, and no error."""

    def change(finding, _):
        more = Edit(finding.line, (), (b"\t\tredirty_page_for_writepage(wbc, page);\n",))
        breach = dataclasses.replace(finding.breach, condition=condition, taken=taken, statement="return code;")
        return dataclasses.replace(finding, breach=breach, fix=Fix((more,), "", ""))

    body = told("writeback", change)
    assert said in body
    assert ("lost silently" in body) == said.endswith("ACTIVATE")


@pytest.mark.parametrize(
    ("above", "label"),
    [
        ("int f(void)\n{\n\tg();\nerr_out:\n\tput();\n\treturn err;", "err_out"),
        ("int f(void)\n{\nerr_out:\n\tif (x)\n\t\treturn 0;\n\treturn err;", ""),
        ("int e(void)\n{\nout:\n\tput();\n}\nint f(void)\n{\n\treturn err;", ""),
        ("int f(void)\n{\n\tswitch (x) {\n\tdefault:\n\t\treturn err;", ""),
        ("int f(void)\n{\n\tfor (;;) {\n\t\tg();\nnext:\n\t\tput();\n\t}\n\treturn err;", ""),
    ],
    ids=["its own", "another exit between", "of another function", "of a switch", "of a loop that has ended"],
)
def test_the_label_that_an_exit_stands_behind(above, label):
    """`on another way` names nothing; a label that the way does not come by is untrue."""
    assert label == breaches._label(above.encode())


@pytest.mark.parametrize(
    ("work", "said"),
    [
        (b"\tmemcpy(info->data, page->data, 8);\n", "copied"),
        (b"\tmemcpy(info->data, page->data, 8);\n\twrite_it(info);\n", "written"),
        (b"\tencrypt_it(page);\n", "written"),
    ],
)
def test_what_is_done_with_the_data_between_the_calls(work, said):
    """A maintainer whose function only copies asks what is written there."""
    base = b"void f(struct page *page)\n{\n" + work + b"\tunlock_page(page);\n}\n"
    last = base[: base.index(b"\tunlock")].count(b"\n") + 2
    edits = (Edit(3, (), (b"\tset_page_writeback(page);\n",)), Edit(last, (), (b"\tend_page_writeback(page);\n",)))
    breach = SimpleNamespace(resource="page")
    finding = SimpleNamespace(breach=breach, obligation=SimpleNamespace(resource="page"))
    plan = SimpleNamespace(
        kind="writeback", edits=[("a.c", edits)], files=[SimpleNamespace(path="a.c", base=base)], findings=[finding]
    )

    assert f"Call set_page_writeback() before the data is {said}, and" in repairs._around(plan)


@pytest.mark.parametrize(
    ("work", "brought"),
    [
        (b"\tmemcpy(info->data, page->data, 8);\n", True),
        (b"\terr = box_write(info, page);\n", True),
        (b"\tdown_write(&info->sem);\n", False),
        (b"\twait_on_page_writeback(page);\n", False),
        (b"\tlook(page);\n", False),
    ],
)
def test_no_data_is_lost_where_it_is_seen_to_be_brought_away(work, brought):
    """`No data is lost` is believed: a lock for writing writes nothing."""
    base = b"void f(struct page *page)\n{\n" + work + b"\tunlock_page(page);\n}\n"
    edits = (Edit(3, (), (b"\tset_page_writeback(page);\n",)), Edit(5, (), (b"\tend_page_writeback(page);\n",)))
    finding = SimpleNamespace(breach=SimpleNamespace(resource="page"))
    plan = SimpleNamespace(
        kind="writeback", edits=[("a.c", edits)], files=[SimpleNamespace(path="a.c", base=base)], findings=[finding]
    )
    assert repairs.writes(plan) == brought


@pytest.mark.parametrize(("method", "thing"), [("launder_folio", "the folio"), ("migrate_folio", "dst")])
def test_an_unlock_too_many_is_dropped(told, demo_kernel, method, thing):
    """A patch that only takes away was said to be mended by "the semantic patch below", and nobody was told what it does."""
    commit(demo_kernel, "return -EIO;", "folio_unlock(dst); return -EIO;")

    def change(finding, lines):
        old = lines[finding.line - 1]
        edit = Edit(finding.line, (old,), (old.replace(b"folio_unlock(dst); ", b""),))
        breach = dataclasses.replace(finding.breach, resource="folio", resource_name="dst")
        obligation = dataclasses.replace(finding.obligation, kind="keeps_locked", method=method)
        fix = Fix((edit,), finding.fix.semantic_patch, "")
        return dataclasses.replace(finding, breach=breach, obligation=obligation, fix=fix)

    body = told("unlocks", change)

    assert f"demo_writepage1() unlocks {thing}, which the caller of ->{method}() has locked" in body
    assert "Drop the call of folio_unlock(): the caller unlocks the folio." in body


#: Two lines of a document that tell what comes of a page that is neither redirtied nor written.
WARNING = (
    "Note, failure to run either redirty_page_for_writepage() or set_page_writeback() will leave the page tagged as dirty.",
    "",
)


@pytest.mark.parametrize(
    ("variable", "remark", "cited"),
    [
        ("demo_aops", "", 'locking.rst warns that "failure to run either'),
        ("demo_aops", "clear()", 'locking.rst warns that "failure to run either'),
        ("write_all()", "clear()", "has cleared the dirty flag (see the comment above clear())."),
        ("write_all()", "", "has cleared the dirty flag."),
    ],
)
def test_a_rule_of_the_method_is_not_cited_for_a_callback(told, variable, remark, cited):
    """The row of ->writepage was quoted for a function that a loop calls for each page."""

    def change(finding, _):
        breach = dataclasses.replace(finding.breach, missing=("redirty_page_for_writepage", "set_page_writeback"))
        return dataclasses.replace(finding, breach=breach, registrations=(Registration("s", variable, "f", 1),))

    path = "Documentation/filesystems/locking.rst"
    body = told("writeback", change, book=RuleBook({path: WARNING}, remark=remark))
    assert cited in body
    assert ("warns that" in body) == ("warns that" in cited)
    assert ("see the comment" in body) == ("see the comment" in cited)


@pytest.mark.parametrize(
    ("first", "last", "unsaid", "said"),
    [
        (3, 5, "No data is lost", "Call set_page_writeback() before the page is unlocked, and"),
        (2, 5, "so that a waiting", "No data is lost by that."),
        (2, 6, "No matter", "the page is unlocked and the error recorded, so that a waiting fsync() sees the error."),
        (2, 7, "No matter", "so that a waiting fsync() sees the error and writes the inode, too."),
    ],
)
def test_why_writeback_ends_late_and_that_nothing_is_lost(told, demo_kernel, first, last, unsaid, said):
    """Whoever adds the two calls has to know what the order is for; and that data is safe has to be seen."""
    new = "\tdemo_write(info, page);\n\tunlock_page(page);\n\tlook();\n\tmapping_set_error(m, err);\n\tmark_inode_dirty(i);\n"
    commit(demo_kernel, "\terr = demo_write(info, page);\n\tunlock_page(page);\n", new)
    top = (demo_kernel / FILE).read_text().split("\n").index("\tdemo_write(info, page);") - 1

    def change(finding, _):
        calls = ((first, b"\tset_page_writeback(page);\n"), (last, b"\tend_page_writeback(page);\n"))
        fix = Fix(tuple(Edit(top + place, (), (call,)) for place, call in calls), "", "")
        return dataclasses.replace(finding, fix=fix)

    body = told("writeback", change)
    assert said in body
    assert unsaid not in body
    assert "set_page_writeback() is what clears PAGECACHE_TAG_DIRTY." in body


def test_calls_around_an_unlock_that_gets_braces_are_told_in_their_order(told, demo_kernel):
    """`Call A and B on this path` does not say which comes first."""
    commit(demo_kernel, "\tunlock_page(page);\n", "\tif (err != 1)\n\t\tunlock_page(page);\n")
    top = (demo_kernel / FILE).read_text().split("\n").index("\tif (err != 1)") + 1
    test, ahead = b"\tif (err != 1)\n", (b"\tif (err != 1) {\n", b"\t\tset_page_writeback(page);\n")

    def change(finding, _):
        behind = (b"\t\tend_page_writeback(page);\n", b"\t}\n")
        return dataclasses.replace(finding, fix=Fix((Edit(top, (test,), ahead), Edit(top + 2, (), behind)), "", ""))

    said = "Call set_page_writeback() before the page is unlocked, and end_page_writeback() afterwards."
    assert said in told("writeback", change)


@pytest.mark.parametrize(
    ("method", "message", "said"),
    [
        ("get_tree", "demo_writepage1() fails with inode inode still referenced", True),
        ("get_tree", "demo_writepage1() returns with inode inode still referenced", False),
        ("create", "demo_writepage1() fails with inode inode still referenced", False),
    ],
)
def test_an_inode_outlives_its_super_block_only_where_a_mount_fails(told, method, message, said):
    """`Still in use when the super block is shut down` is looked at by nobody where there is no root yet; and whoever has
    mounted it unmounts it later."""

    def change(finding, _):
        breach = dataclasses.replace(
            finding.breach, resource="inode", resource_name="inode", missing=(), statement="return 0;"
        )
        obligation = dataclasses.replace(finding.obligation, kind="gives_back", method=method)
        return dataclasses.replace(finding, breach=breach, obligation=obligation, message=message)

    body = told("unlocks", change)
    assert ("The inode stays in memory after its super block has been freed." in body) == said
    assert ("complains of busy inodes" in body) != said


@pytest.mark.parametrize(
    ("statements", "message", "said"),
    [
        (("return -EIO;",), "f() returns", "before returning -EIO"),
        (("return err;",), "f() fails with inode still referenced", "on this error path"),
        (("return err;",), "f() returns with inode still referenced", "on this path"),
        (("return;",), "f() returns with inode still referenced, which nobody gives back", "before it returns"),
        (("return -EIO;", "return -EIO;"), "f() returns", "on these error paths"),
        (("return -EIO;", "return 0;"), "f() returns", "on these paths"),
    ],
)
def test_a_call_before_a_return_is_told_in_plain_words(statements, message, said):
    """`Before that return` names none; and an error path is one only where an error is returned."""
    findings = [
        SimpleNamespace(
            line=line,
            result=text[7:-1] if text[7:] in ("-EIO;", "0;") else "",
            repeated=False,
            lost=message.endswith("which nobody gives back"),
            exits="returns",
            message=message,
        )
        for line, text in enumerate(statements)
    ]
    assert return_words(findings) == said


@pytest.mark.parametrize(
    ("whys", "walk", "effect"),
    [
        (("may sleep in rcu-walk",), "in which nothing may block", "inside an RCU read-side critical section."),
        (
            ("may sleep in rcu-walk", "trusts the dentry in rcu-walk: it reaches d->s, which is NULL in rcu-walk"),
            "in which nothing may block and the dentry is NULL. But",
            "inside an RCU read-side critical section, and to dereference NULL.",
        ),
        (("trusts the parent in rcu-walk",), "demo_writepage1() trusts the parent", "That is to dereference NULL."),
    ],
)
def test_what_comes_of_a_dentry_that_is_not_there(told, whys, walk, effect):
    """`That is to block` was said of a NULL pointer, too, and of one that is NULL from the start that it may become negative."""

    def trusting(why):
        def change(finding, _):
            obligation = dataclasses.replace(finding.obligation, kind="rcu_walk", method="get_link")
            message = f"demo_writepage1() {why}"
            return dataclasses.replace(finding, obligation=obligation, message=message, fingerprint=why)

        return change

    first, *others = whys
    body = told("unlocks", trusting(first), [("unlocks", trusting(one)) for one in others])
    assert effect in body
    assert (walk in body) == (len(whys) > 1 or "trusts" in first)
