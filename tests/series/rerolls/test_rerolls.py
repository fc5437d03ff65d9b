"""Stage 8 `rerolls`: the next version of what was mailed, with the user's own edits."""

import json
import os
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from cocci_gen.filters import Accepted, Reason, Rejected
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.kernel.users import Person
from cocci_gen.runs.vanished import Vanished
from cocci_gen.scan.pipeline import Judged
from cocci_gen.series.assembly import SeriesOptions, build_series
from cocci_gen.series.folder import write_series_set
from cocci_gen.series.index import index_page
from cocci_gen.series.ladder.rungs import NotRun, Rung
from cocci_gen.series.rerolls.former import FormerSeriesError, read_former
from cocci_gen.series.rerolls.merges import Conflict, Merged, merge, merge_messages
from cocci_gen.series.rerolls.own_commits import NotCarried
from cocci_gen.series.rerolls.own_work import RerollRequest

PERSON = Person("Test Person", "person@test.example")
CASES = Path(__file__).resolve().parents[3] / "corpus/address_space_operations/read_folio.unlocks"
FIRST = RerollRequest()
DEMO = [
    ("fs/demo/file.c", "demo_writepage1", "unlocks"),
    ("fs/demo/file.c", "demo_writepage2", "writeback"),
    ("fs/demo/inode.c", "demo_writepage1", "unlocks"),
]
OTHER = [("fs/other/file.c", "other_writepage1", "unlocks")]


def git(folder, *args):
    """Run git in a test repository."""
    ended = subprocess.run(
        ["git", *args], cwd=folder, env=dict(os.environ), capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.strip()


class Bench:
    """A kernel, the series of its findings, and the next version of them."""

    def __init__(self, kernel, tmp_path, make_finding, run_facts):
        self.kernel, self.tmp_path = kernel, tmp_path
        self.make_finding, self.run_facts = make_finding, run_facts

    def build(self, places, request=FIRST, change=lambda finding: finding):
        """All series over findings at (path, function, kind)."""
        with KernelTree.open(self.kernel) as tree:
            before = tree.state()
            findings = [change(self.make_finding(tree, *place)) for place in places]
            made = build_series(tree, findings, self.run_facts(tree, findings), SeriesOptions(PERSON, reroll=request))
            assert tree.state() == before
        return made

    def mailed(self, made, name="old"):
        """Write the series into a run folder and read back what a later run sees of them."""
        write_series_set(made, self.tmp_path / name / "series")
        return read_former(self.tmp_path / name)

    def branch(self, series, name="mine"):
        """A branch of the user with one series."""
        git(self.kernel, "branch", name, series.ref)
        return name

    def amend(self, branch, number, *, text=None, message=None):
        """What a person does in an interactive rebase to the commit `number` (0 = first) of a branch."""
        tips = git(self.kernel, "rev-list", "--reverse", f"main..{branch}").split()
        git(self.kernel, "checkout", "-q", "--detach", tips[number])
        if text is not None:
            path, change = text
            file = self.kernel / path
            file.write_text(change(file.read_text()))
        words = ["-m", message(git(self.kernel, "log", "-1", "--format=%B"))] if message else ["--no-edit"]
        git(self.kernel, "commit", "-q", "-a", "--amend", *words)
        for tip in tips[number + 1 :]:
            git(self.kernel, "cherry-pick", tip)
        git(self.kernel, "branch", "-f", branch, "HEAD")
        git(self.kernel, "checkout", "-q", "main")

    def advance(self, path, change, subject="upstream: change"):
        """A commit upstream."""
        (self.kernel / path).write_text(change((self.kernel / path).read_text()))
        git(self.kernel, "commit", "-q", "-a", "-m", subject)


@pytest.fixture
def bench(demo_kernel, tmp_path, make_finding, run_facts):
    """A bench over the demo kernel."""
    return Bench(demo_kernel, tmp_path, make_finding, run_facts)


def mine(text):
    """The code as the user would have it."""
    changed = text.replace("\t\tunlock_page(page);\n", "\t\t/* I */\n", 1)
    assert changed != text
    return changed


def notes_of(patch):
    """What stands below the cut of a patch mail, before the diffstat."""
    return patch.mail.data.decode().split("\n---\n")[1].split("\n fs/")[0]


def test_the_same_again_is_a_second_version_in_which_nothing_changed(bench):
    """Change ids, numbers and history are what people and tools follow a series by."""
    first = bench.build(DEMO + OTHER)
    second = bench.build(DEMO + OTHER, RerollRequest(bench.mailed(first)))

    assert [one.change_id for one in second.series] == [one.change_id for one in first.series]
    assert [one.revision.version for one in second.series] == [2, 2]
    for old, new in zip(first.series, second.series, strict=True):
        assert [one.commit for one in new.patches] == [one.commit for one in old.patches]
        assert [one.revision.change_id for one in new.patches] == [one.revision.change_id for one in old.patches]
        assert new.ref != old.ref
        assert f"change-id: {old.change_id}".encode() in new.mails[0].data
    for patch in second.series[0].patches:
        assert notes_of(patch).startswith("Changes in v2:\n- unchanged\n")
    [other] = second.series[1].mails
    assert b"Subject: [PATCH v2] " in other.data
    assert notes_of(second.series[1].patches[0]).startswith("Changes in v2:\n- no patch changed\n")
    assert b"Range-diff against v1:\n1:  " in other.data
    demo = second.series[0]
    assert demo.cover.name == "v2-0000-cover-letter.patch"
    assert b"Subject: [PATCH v2 0/3] " in demo.cover.data
    assert b"Subject: [PATCH v2 3/3] " in demo.patches[2].mail.data
    assert b"Changes in v2:\n- no patch changed\n" in demo.cover.data
    assert b"Range-diff against v1:\n1:  " in demo.cover.data
    assert "In-Reply-To" not in demo.cover.data.decode()


def test_two_patches_to_one_file_for_one_sort_of_breach_are_two(bench):
    """One name for both gave them one change id and one code: a reroll took the second for the first, edited by the user, and the
    verdict on one was that on the other."""

    def other_fix(finding):
        if finding.function == "demo_writepage1":
            return finding
        edits = tuple(
            replace(edit, new=tuple(line.replace(b"unlock_page(page)", b"unlock_other(page)") for line in edit.new))
            for edit in finding.fix.edits
        )
        return replace(finding, fix=replace(finding.fix, edits=edits))

    places = [("fs/demo/file.c", f"demo_writepage{number}", "unlocks") for number in (1, 2)]
    first = bench.build(places, change=other_fix)
    second = bench.build(places, RerollRequest(bench.mailed(first)), change=other_fix)
    [made], [again] = first.series, second.series

    assert len({one.revision.change_id for one in made.patches}) == 2
    assert len({one.revision.made_code for one in made.patches}) == 2
    assert [one.revision.change_id for one in again.patches] == [one.revision.change_id for one in made.patches]
    assert all(notes_of(one).startswith("Changes in v2:\n- unchanged\n") for one in again.patches)


def test_the_same_reroll_gives_the_same_bytes_and_leaves_the_refs_of_before(bench):
    """A second try must not make a third version, nor take away what the range-diff compares with."""
    former = bench.mailed(bench.build(DEMO))
    refs = git(bench.kernel, "for-each-ref")
    once = bench.build(DEMO, RerollRequest(former))

    assert once == bench.build(DEMO, RerollRequest(former))
    assert set(refs.splitlines()) < set(git(bench.kernel, "for-each-ref").splitlines())


def test_what_the_user_wrote_stays(bench):
    """A reviewer's wish that the user has worked in must not be undone by the tool: words, tags, code."""
    first = bench.build(DEMO)
    branch = bench.branch(first.series[0])
    tag = "Reviewed-by: A Demo <a@demo.example>"
    bench.amend(
        branch,
        0,
        text=(
            "fs/demo/file.c",
            lambda text: text.replace("\t\tunlock_page(page);\n", "\t\tunlock_page(page); /* ! */\n", 1),
        ),
        message=lambda old: old.replace("demo: unlock", "demo: do unlock", 1) + "\n\n" + tag,
    )
    bench.amend(branch, 2, message=lambda old: old + "\n\n" + tag)
    second = bench.build(DEMO, RerollRequest(bench.mailed(first), (branch,)))

    edited, between, tagged = second.series[0].patches
    assert edited.subject.startswith("demo: do unlock")
    assert "fixed with Coccinelle and by hand" in " ".join(edited.body.split())
    assert edited.body.endswith(f"\n\n{tag}")
    assert b"+\t\tunlock_page(page); /* ! */\n" in edited.mail.data
    assert notes_of(edited).startswith("Changes in v2:\n- the code changed, edited by hand\n- the message changed\n")
    assert notes_of(between).startswith("Changes in v2:\n- unchanged\n")
    assert tagged.body.endswith(f"\n\n{tag}")
    assert notes_of(tagged).startswith("Changes in v2:\n- tags changed\n")
    assert b"/* ! */" in second.series[0].cover.data  # the range-diff
    assert any("still carries Reviewed-by" in remark for remark in second.remarks)


def test_nothing_is_said_of_checks_that_an_edited_patch_has_not_passed(bench):
    """The scan has proved its own fix, not what a person made of it."""
    first = bench.build(DEMO[:1])
    branch = bench.branch(first.series[0])
    bench.amend(branch, 0, text=("fs/demo/file.c", lambda text: text + "/* mine */\n"))
    [patch] = bench.build(DEMO[:1], RerollRequest(bench.mailed(first), (branch,))).series[0].patches

    assert {one.rung for one in patch.results if isinstance(one, NotRun)} >= {Rung.PARSES, Rung.GONE, Rung.CONVERGES}
    assert "is gone when the rules look again" not in notes_of(patch)
    assert "neither compiled nor run" in notes_of(patch)


def test_edits_survive_a_third_version_without_the_branch(bench):
    """What is in the mails of the second version is as much the user's as what is in a branch."""
    first = bench.build(DEMO)
    branch = bench.branch(first.series[0])
    bench.amend(branch, 0, text=("fs/demo/file.c", mine))
    bench.amend(branch, 2, message=lambda old: old.replace("demo:", "demofs:", 1))
    second = bench.build(DEMO, RerollRequest(bench.mailed(first), (branch,)))
    third = bench.build(DEMO, RerollRequest(bench.mailed(second, "v2")))

    assert [one.commit.tree for one in third.series[0].patches] == [one.commit.tree for one in second.series[0].patches]
    assert third.series[0].patches[2].subject.startswith("demofs:")
    assert notes_of(third.series[0].patches[2]).startswith(
        "Changes in v3:\n- unchanged\n\nChanges in v2:\n- the message changed\n"
    )
    assert third.series[0].cover_text.count("Changes in v") == 2


def test_a_new_kernel_below_the_patches(bench):
    """Lines move, code around changes: what was made is made anew, what the user edited is put on top."""
    first = bench.build(DEMO)
    branch = bench.branch(first.series[0])
    bench.amend(branch, 0, text=("fs/demo/file.c", mine))
    bench.amend(branch, 2, message=lambda old: f"{old}\n\nTested on a toaster.")
    for number in range(3):
        bench.advance("fs/demo/file.c", lambda text, number=number: f"/* line {number} */\n{text}")
        bench.advance("fs/demo/inode.c", lambda text, number=number: f"/* line {number} */\n{text}")
    second = bench.build(DEMO, RerollRequest(bench.mailed(first), (branch,)))

    head = git(bench.kernel, "rev-parse", "HEAD")
    edited, _, tested = second.series[0].patches
    assert b"+\t\t/* I */\n" in edited.mail.data
    assert f"\n- rebased onto {head[:12]}\n" in second.series[0].cover_text
    assert tested.body.endswith("Tested on a toaster.")
    before, after = (
        [int(n) for n in re.findall(r"inode\.c:(\d+): i", notes_of(one))]
        for one in (first.series[0].patches[2], tested)
    )
    assert before
    assert [number - 3 for number in after] == before
    assert notes_of(tested).startswith("Changes in v2:\n- the message changed\n")


def test_a_branch_that_was_rebased_is_taken_as_it_is(bench):
    """Users rebase before they send a new version; the commits of upstream are not theirs."""
    first = bench.build(DEMO)
    branch = bench.branch(first.series[0])
    bench.amend(branch, 0, message=lambda old: old.replace("demo:", "demofs:", 1))
    old_base = git(bench.kernel, "rev-parse", "HEAD")
    for number in range(5):
        bench.advance("fs/gone/file.c", lambda text, number=number: f"/* line {number} */\n{text}")
    git(bench.kernel, "rebase", "-q", "--onto", "main", old_base, branch)
    git(bench.kernel, "checkout", "-q", "main")
    second = bench.build(DEMO, RerollRequest(bench.mailed(first), (branch,)))

    assert second.series[0].patches[0].subject.startswith("demofs:")
    assert second.remarks == ()


def test_a_renamed_file_keeps_its_patch(bench):
    """A rename upstream must not look like one patch lost and another one new, nor lose what the user wrote."""
    first = bench.build(DEMO[2:])
    branch = bench.branch(first.series[0])
    bench.amend(branch, 0, text=("fs/demo/inode.c", mine))
    git(bench.kernel, "mv", "fs/demo/inode.c", "fs/demo/super.c")
    bench.advance("fs/demo/super.c", lambda text: f"/* moved */\n{text}")
    moved = [("fs/demo/super.c", *DEMO[2][1:])]
    second = bench.build(moved, RerollRequest(bench.mailed(first), (branch,)))

    [patch] = second.series[0].patches
    assert patch.revision.change_id == first.series[0].patches[0].revision.change_id
    assert patch.paths == ("fs/demo/super.c",)
    assert b"+\t\t/* I */\n" in patch.mail.data
    assert second.dropped == ()


def test_code_that_does_not_fit_any_more_is_told(bench):
    """Guessing at a conflict would put wrong code into a mail under the user's name."""
    first = bench.build(DEMO[:1])
    branch = bench.branch(first.series[0])
    tip = git(bench.kernel, "rev-parse", branch)
    bench.amend(
        branch, 0, text=("fs/demo/file.c", lambda text: text.replace("return -EIO;\n\t}", "return -EROFS;\n\t}", 1))
    )
    bench.advance("fs/demo/file.c", lambda text: text.replace("if (!info)", "if (!info || !info->ready)", 1))

    assert git(bench.kernel, "rev-parse", branch) != tip
    with pytest.raises(NotCarried, match=r"your commit \w+ \(demo: .* does not apply to fs/demo/file\.c .* rebase"):
        bench.build(DEMO[:1], RerollRequest(bench.mailed(first), (branch,)))


def test_words_that_contradict_are_the_users(bench):
    """A paragraph that both have changed is taken from the user, and the user is told to read it."""
    first = bench.build(DEMO[:1])
    branch = bench.branch(first.series[0])
    bench.amend(branch, 0, message=lambda old: old.replace("leaves", "forgets"))
    bench.advance("fs/demo/file.c", lambda text: text.replace("\tstruct demo_inode *info", "\tlong info", 1))
    second = bench.build(DEMO[:1], RerollRequest(bench.mailed(first), (branch,)))

    assert " forgets " in " ".join(second.series[0].patches[0].body.split())
    assert any("is yours as it was" in remark for remark in second.remarks)


def test_dropped_patches_are_named_with_their_reason(bench):
    """Who reviewed a patch must learn what became of it; a series without patches is told outside of all mails."""
    first = bench.build(DEMO + OTHER)
    branch = bench.branch(first.series[0])
    git(bench.kernel, "checkout", "-q", branch)
    git(bench.kernel, "reset", "-q", "--hard", "HEAD~1")
    git(bench.kernel, "checkout", "-q", "main")
    request = RerollRequest(bench.mailed(first), (branch,), {}, lambda patch: f"fixed upstream: {patch.kind}")
    second = bench.build([DEMO[0], DEMO[2]], request)

    [demo] = second.series
    assert {one.subject: one.reason for one in second.dropped} == {
        first.series[0].patches[1].subject: "fixed upstream: writeback",
        first.series[0].patches[2].subject: f"taken out of {branch}",
        first.series[1].patches[0].subject: "fixed upstream: unlocks",
    }
    flat = " ".join(demo.cover_text.split())
    assert f'- dropped "{first.series[0].patches[1].subject}": fixed upstream: writeback' in flat
    assert first.series[1].patches[0].subject not in demo.cover_text
    assert "other_writepage1" in index_page(second, bench.tmp_path)


def test_a_new_patch_in_an_old_series(bench):
    """A finding that is new must not come as if it had been reviewed."""
    first = bench.build(DEMO[:1])
    second = bench.build(DEMO[:2] + OTHER, RerollRequest(bench.mailed(first)))

    assert [one.revision.version for one in second.series] == [2, 1]
    assert notes_of(second.series[0].patches[1]).startswith("Changes in v2:\n- new\n")
    assert "Changes in" not in second.series[1].cover_text


def test_the_cover_letter_of_the_user_stays(bench):
    """The description of the branch is where git and b4 keep it."""
    first = bench.build(DEMO)
    branch = bench.branch(first.series[0])
    text = first.series[0].cover_text.replace("\n\n", "\n\nDear all,\n\n", 1)
    git(bench.kernel, "config", f"branch.{branch}.description", text)
    second = bench.build(DEMO[:2], RerollRequest(bench.mailed(first), (branch,)))
    third = bench.build(DEMO[:2], RerollRequest(bench.mailed(second, "v2")))

    for made in (second, third):
        assert "\n\nDear all,\n\n" in made.series[0].cover_text
        assert "demo_writepage2" in made.series[0].cover_text


def test_links_are_given_or_left_out(bench):
    """A made-up link is worse than none."""
    first = bench.mailed(bench.build(DEMO + OTHER))
    link = "https://lore.kernel.org/r/1@x"
    second = bench.build(DEMO + OTHER, RerollRequest(first, (), {"demo-file-system": link}))

    assert f"\n- Link to v1: {link}\n" in second.series[0].cover_text
    assert "Link to" not in second.series[1].cover_text
    for links, what in (
        ({"": link}, "several series"),
        ({"nobody": link}, "was called 'nobody'"),
        ({"demo-file-system": "x\nBcc: y"}, "no address"),
    ):
        with pytest.raises(Exception, match=what):
            bench.build(DEMO, RerollRequest(first, (), links))


def test_what_is_no_patch_of_the_series_is_told(bench):
    """A commit of the user's own between the patches is not sent by accident, and not lost without a word."""
    first = bench.build(DEMO)
    branch = bench.branch(first.series[0])
    git(bench.kernel, "checkout", "-q", branch)
    bench.advance("Makefile", lambda text: f"{text}# mine\n", "my own")
    git(bench.kernel, "checkout", "-q", "main")
    second = bench.build(DEMO, RerollRequest(bench.mailed(first), (branch,)))

    assert len(second.series[0].patches) == 3
    assert any("(my own) is no patch of cocci-gen" in remark for remark in second.remarks)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        pytest.param(lambda bench, branch: "nowhere", "there is no branch nowhere", id="no-branch"),
        pytest.param(lambda bench, branch: "--all", "there is no branch --all", id="option"),
        pytest.param(lambda bench, branch: "main", "no commit of main is a patch", id="other-branch"),
        pytest.param(
            lambda bench, branch: bench.amend(branch, 0, message=lambda old: f"{old}\n\n---\ncut") or branch,
            "cannot be mailed",
            id="cut-line",
        ),
        pytest.param(
            lambda bench, branch: (
                git(bench.kernel, "checkout", "-q", "--orphan", "lone")
                + git(bench.kernel, "commit", "-q", "-m", "lone")
                + git(bench.kernel, "checkout", "-q", "main")
                or "lone"
            ),
            "is on top of neither",
            id="no-base",
        ),
    ],
)
def test_branches_that_cannot_be_used(bench, spoil, words):
    """Each mistake ends in a sentence that says what to do."""
    first = bench.build(DEMO)
    branch = spoil(bench, bench.branch(first.series[0]))

    with pytest.raises(Exception, match=words):
        bench.build(DEMO, RerollRequest(bench.mailed(first), (branch,)))


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data["series"][0].pop("change_id"),
        lambda data: data["series"][0].update(base="--output=/etc/passwd"),
        lambda data: data["series"][0]["patches"][0].update(commit="HEAD"),
        lambda data: data["series"][0]["patches"][0].update(paths=[7]),
        lambda data: data.update(series=7),
    ],
)
def test_a_list_of_series_that_is_none(bench, change):
    """What lies in a folder may have been written by anybody."""
    bench.mailed(bench.build(DEMO))
    path = bench.tmp_path / "old/series/series.json"
    data = json.loads(path.read_text())
    change(data)
    path.write_text(json.dumps(data))

    with pytest.raises(FormerSeriesError, match=r"series\.json"):
        read_former(bench.tmp_path / "old")


def why(bench, place, change, **facts):
    """What is said of the finding at `place` once the tree was changed."""
    with KernelTree.open(bench.kernel) as tree:
        finding, base = bench.make_finding(tree, *place), tree.commit
    change()
    with KernelTree.open(bench.kernel) as tree:
        values = {
            "now": {},
            "unexamined": {},
            "options": {},
            "obligations": frozenset({finding.obligation.id}),
            **{name: value(finding) if callable(value) else value for name, value in facts.items()},
        }
        return Vanished(tree=tree, base=base, before={finding.fingerprint: finding}, **values).reason(finding)


def test_why_a_finding_is_gone(bench):
    """The reason goes to reviewers: it must be what happened."""
    place = DEMO[0]

    def fixed():
        bench.advance("fs/demo/file.c", lambda text: f"/* elsewhere */\n{text}", "demo: elsewhere")
        bench.advance(
            "fs/demo/file.c", lambda text: text.replace("\t\treturn -EIO", "\t\tBUG(), -EIO", 1), "demo: mend it"
        )

    said = why(bench, place, fixed)
    guilty = git(bench.kernel, "rev-parse", "HEAD")[:12]
    assert said == (
        f'fixed upstream by {guilty} ("demo: mend it"): demo_writepage1() has changed and keeps to the rule now'
    )
    bench.advance("fs/demo/file.c", lambda text: text.replace("BUG(), -EIO", "return -EIO"))
    nothing = lambda: None  # noqa: E731
    assert "as it was" in why(bench, place, nothing)
    assert "did not look" in why(bench, place, nothing, options={"paths": ["fs/other"]})
    assert "did not look" in why(bench, place, nothing, options={"rules": ["*.read_folio.*"]})
    assert "is not in" in why(bench, place, nothing, obligations=frozenset())
    rejected = Rejected((Reason("baseline", "false: no"),))
    for verdict, words in ((rejected, "rejected by baseline: false: no"), (Accepted(), "in no series")):
        now = lambda finding, verdict=verdict: {finding.fingerprint: Judged(finding, verdict, ())}  # noqa: E731
        assert words in why(bench, place, nothing, now=now)
    unexamined = {("address_space_operations.writepage.unlocks", "fs/demo/file.c", "demo_writepage1"): "odd"}
    assert "could not be examined: odd" in why(bench, place, nothing, unexamined=unexamined)
    gone = lambda: git(bench.kernel, "rm", "-q", "fs/demo/file.c") or git(bench.kernel, "commit", "-qm", "rm")  # noqa: E731
    assert "is not there any more" in why(bench, place, gone)


def test_from_scan_to_second_version(few_cases, cocci_gen_says, tmp_path, need):
    """The whole way on the command line: one finding fixed upstream, one patch with a tag, and mistakes that are told."""
    need("spatch")
    tree = few_cases("linux", "early-error-return", "never-unlocks")
    every = ("--kernel", tree, "--cache", tmp_path / "cache")
    code, _, words = cocci_gen_says("run", *every, "-o", tmp_path / "v1")
    assert code == 1, words
    [series] = json.loads((tmp_path / "v1/series/series.json").read_text())["series"]
    git(tree, "branch", "mine", series["ref"])
    git(tree, "checkout", "-q", "mine")
    git(tree, "commit", "-q", "--amend", "-m", git(tree, "log", "-1", "--format=%B") + "\n\nAcked-by: A <a@b.example>")
    git(tree, "checkout", "-q", "main")
    fixed = CASES / "early-error-return.fixed.c"
    target = tree / "fs/early-error-return/read_folio_unlocks.c"
    target.write_bytes(fixed.read_bytes())
    git(tree, "commit", "-q", "-a", "-m", "early: unlock")
    code, _, words = cocci_gen_says("scan", *every, "-o", tmp_path / "v2")
    assert code == 1, words
    again = ("series", tmp_path / "v2", "--reroll", tmp_path / "v1")
    code, said, words = cocci_gen_says(*again, "--branch", "mine", "--link", "https://lore.example/1")
    assert code == 0, words

    [cover] = [path.read_text() for path in (tmp_path / "v2/series" / series["folder"]).glob("v2-*.patch")]
    assert "fixed upstream by" in said
    assert '("early: unlock")' in " ".join(cover.split())
    assert "tags changed" in " ".join(cover.split())
    assert "Link to v1: https://lore.example/1" in cover
    assert "+    Acked-by: A <a@b.example>" in cover
    for wrong, what in (
        (("series", tmp_path / "v2", "--branch", "mine"), "--reroll"),
        (("series", tmp_path / "v2", "--reroll", tmp_path / "v2"), "is the run itself"),
        ((*again, "--branch", "none"), "there is no branch none"),
        ((*again, "--link", "nonsense"), "no address"),
        (("series", tmp_path / "v2", "--reroll", tmp_path / "linux"), "run.json"),
    ):
        code, _, words = cocci_gen_says(*wrong)
        assert (code, what in words) == (2, True), words


def test_texts_are_merged_or_not():
    """Both changes, or a clear no."""
    assert merge(b"a\nb\nc\nd\n", b"A\nb\nc\nd\n", b"a\nb\nc\nD\n") == Merged(b"A\nb\nc\nD\n")
    assert isinstance(merge(b"a\n", b"b\n", b"c\n"), Conflict)


def test_messages_are_merged_by_paragraphs():
    """A word in one paragraph of the tool and one in another of the user, side by side; tags are the user's."""
    common = "s\n\none two\nthree\n\nfour\n\nfive"
    mine = "s\n\none 2\nthree\n\nfour\n\nfive\n\nSigned-off-by: N <n@x>"
    theirs = "t\n\none two\nthree\n\n4\n\nfive\n\nReviewed-by: R <r@x>"

    expected = "t\n\none 2\nthree\n\n4\n\nfive\n\nReviewed-by: R <r@x>\nSigned-off-by: N <n@x>"
    assert merge_messages(common, mine, theirs) == expected


def test_trailers_from_the_list_are_carried(bench):
    """A reviewer whose tag is lost in the next version will not review the one after."""
    first = bench.build(DEMO)
    former = bench.mailed(first)
    tag = "Reviewed-by: A Demo <a@demo.example>"
    tags = {former[0].patches[0].change_id: (tag,)}
    second = bench.build(DEMO, RerollRequest(former, tags=tags))

    bodies = [patch.body for patch in second.series[0].patches]
    assert [tag in body for body in bodies] == [True, False, False]
    assert bodies[0].endswith(f"\n{tag}")
    assert bodies[0].count(tag) == 1
