"""Stage 8 `patch_plans`: which edits go together, and that what is rebuilt is exactly base plus edits."""

import dataclasses

import pytest

from cocci_gen.findings.findings import Edit, Fix, NoFix
from cocci_gen.kernel.maintainers import Maintainers
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.series.plans import plan_sections

PATH = "fs/demo/file.c"


def planned(findings, bases, maintainers=None):
    """Sections and the reasons of what is left out."""
    sections, left_out = plan_sections(findings, maintainers or Maintainers.parse(b"", []), bases)
    return sections, [out.reason for out in left_out]


def with_edits(finding, *edits, kind="unlocks"):
    """A finding with other edits."""
    obligation = dataclasses.replace(finding.obligation, kind=kind)
    return dataclasses.replace(finding, obligation=obligation, fix=Fix(edits, "", ""))


def demo(demo_kernel, make_finding):
    """A finding and the base texts."""
    with KernelTree.open(demo_kernel) as tree:
        return make_finding(tree, PATH, "demo_writepage1"), {PATH: tree.read(PATH)}


def test_patches_of_one_file_build_on_each_other(demo_kernel, make_finding):
    """Edits speak of the base file; the second patch must hold the first one's change too."""
    finding, bases = demo(demo_kernel, make_finding)
    one = with_edits(finding, Edit(1, (), (b"one\n",)))
    two = with_edits(finding, Edit(12, (), (b"two\n",)), kind="writeback")
    [section], _ = planned([two, one], bases)
    first, second = section.patches

    assert (first.kind, second.kind) == ("unlocks", "writeback")
    assert first.files[0].after == second.files[0].before == b"one\n" + bases[PATH]
    assert second.files[0].after.count(b"two\n") == 1
    assert second.files[0].after.replace(b"two\n", b"") == first.files[0].after


def test_equal_edits_are_made_once(demo_kernel, make_finding):
    """Two findings that ask for the same line get it once."""
    finding, bases = demo(demo_kernel, make_finding)
    edit = Edit(1, (), (b"one\n",))
    [section], reasons = planned([with_edits(finding, edit), with_edits(finding, edit, kind="writeback")], bases)

    [patch] = section.patches
    assert patch.files[0].after == b"one\n" + bases[PATH]
    assert (len(patch.findings), len(patch.also), reasons) == (1, 1, [])


def test_neighbours_that_do_not_cover_each_other_yield(demo_kernel, make_finding):
    """Two changes of the same place, made without knowing of each other, are not guessed together."""
    finding, bases = demo(demo_kernel, make_finding)
    one, two = Edit(5, (), (b"one\n",)), Edit(5, (), (b"two\n",))
    [section], [reason] = planned([with_edits(finding, one), with_edits(finding, two, kind="writeback")], bases)

    assert b"two" not in section.patches[-1].files[0].after
    assert "touches the same lines as that of writepage.unlocks" in reason


TEST, WRONG, RIGHT = b"\tif (!info)\n", b"\t\treturn -EIO;\n", b"\t\treturn 0;\n"
CLOSED = (b"\tif (!info) {\n", b"\t\tclose(info);\n")


@pytest.mark.parametrize(
    ("new", "covers"),
    [
        pytest.param((*CLOSED, RIGHT, b"\t}\n"), True, id="closes and returns the right value"),
        pytest.param((b"\tif (!info)\n", RIGHT), False, id="returns it alone"),
        pytest.param((*reversed(CLOSED), RIGHT, b"\t}\n"), False, id="closes it elsewhere"),
    ],
)
def test_a_fix_stands_for_a_smaller_one_in_its_place(demo_kernel, make_finding, new, covers):
    """A fix that closes what its way has opened does what the fix for that alone does, and the two are one patch; a word of it
    said of another place would promise what the patch does not do."""
    finding, bases = demo(demo_kernel, make_finding)
    at = bases[PATH].split(b"\n").index(b"\tif (!info)") + 1
    assert bases[PATH].split(b"\n")[at] == WRONG.strip(b"\n")
    small = with_edits(finding, Edit(at, (TEST,), CLOSED), Edit(at + 2, (), (b"\t}\n",)))
    wide = with_edits(finding, Edit(at, (TEST, WRONG), new), kind="writeback")
    [section], reasons = planned([small, wide], bases)

    assert bool(section.patches[0].also) == covers
    assert covers == (not reasons)


def test_a_fix_that_does_not_fit_is_left_out(demo_kernel, make_finding):
    """A tree that moved on since the scan must not get a patch made for another text."""
    finding, bases = demo(demo_kernel, make_finding)
    sections, [reason] = planned([with_edits(finding, Edit(3, (b"not there\n",), ()))], bases)

    assert sections == ()
    assert "does not apply" in reason


def test_findings_without_a_fix_are_passed_over(demo_kernel, make_finding):
    """They are in the report, not in a series."""
    finding, bases = demo(demo_kernel, make_finding)

    assert planned([dataclasses.replace(finding, fix=NoFix("x"))], bases) == ((), [])


def test_titles_become_folder_names(demo_kernel, make_finding):
    """A section may be called anything; a folder and a ref may not, and no two the same."""
    finding, bases = demo(demo_kernel, make_finding)
    text = "".join(
        f"{title}\nM:\tA <a@x.org>\nF:\t{path}/\n\n"
        for title, path in (("A/B: ../x", "a"), ("a b..x!", "b"), ("ÄÖ", "c"))
    )
    maintainers = Maintainers.parse(text.encode(), [])
    findings = [
        dataclasses.replace(with_edits(finding, Edit(1, (), (b"x\n",))), file=f"{name}/file.c") for name in "abc"
    ]
    sections, _ = planned(findings, {f"{name}/file.c": bases[PATH] for name in "abc"}, maintainers)

    assert [section.slug for section in sections] == ["a-b-x", "a-b-x-2", "section"]


@pytest.mark.parametrize(
    ("statement", "function", "patches"), [("same", "other", 1), ("return 1;", "other", 2), ("return 1;", "", 1)]
)
def test_two_functions_share_a_patch_only_for_the_same_change(demo_kernel, make_finding, statement, function, patches):
    """Two reasons in one patch have two histories; what one function does wrong is one patch, however many exits it has."""
    finding, bases = demo(demo_kernel, make_finding)
    first, second = (with_edits(finding, Edit(line, (), (b"one\n",))) for line in (1, 9))
    breach = second.breach if statement == "same" else dataclasses.replace(second.breach, statement=statement)
    second = dataclasses.replace(second, function=function or finding.function, breach=breach, line=9)

    [section], _ = planned([first, second], bases)
    assert len(section.patches) == patches


def test_sections_that_methods_move_from_are_a_patch_of_their_own(demo_kernel, make_finding):
    """A correction of types is looked through at once; rows that move are read twice, and must not hold it up."""
    finding, bases = demo(demo_kernel, make_finding)

    def document(line, what, method):
        breach = dataclasses.replace(finding.breach, resource_name=what)
        made = dataclasses.replace(finding, function=method, line=line, breach=breach)
        return with_edits(made, Edit(line, (), (b"%d\n" % line,)), kind="prototype")

    [section], _ = planned(
        [document(9, "moved", "b"), document(9, "signature", "c"), document(1, "signature", "a")], bases
    )
    told = [{one.function for one in (*patch.findings, *patch.also)} for patch in section.patches]
    assert told == [{"a"}, {"b", "c"}]
    [section], _ = planned([document(1, "signature", "a"), document(9, "gone", "b")], bases)
    assert len(section.patches) == 1


def test_what_does_not_move_is_corrected_with_the_others(demo_kernel, make_finding):
    """The fix of a section is one; a type that it corrects beside a move hides in the patch that is read as a move."""
    finding, bases = demo(demo_kernel, make_finding)
    lines = bases[PATH].split(b"\n")
    stays, goes = Edit(1, (lines[0] + b"\n",), (b"corrected\n",)), Edit(2, (lines[1] + b"\n",), ())

    def document(line, what, method):
        breach = dataclasses.replace(finding.breach, resource_name=what)
        made = dataclasses.replace(finding, function=method, line=line, breach=breach)
        return with_edits(made, stays, goes, kind="prototype")

    [section], reasons = planned([document(1, "signature", "a"), document(2, "moved", "b")], bases)
    told = [([one.function for one in (*patch.findings, *patch.also)], patch.edits[0][1]) for patch in section.patches]

    assert told == [(["a"], (stays,)), (["b"], (goes,))]
    assert reasons == []


@pytest.mark.parametrize(
    ("call", "left"), [(b"\tput_page(page);\n", 0), (b"\tput_page(other);\n", 1), (b"\tnote(page);\n", 1)]
)
def test_what_a_fix_gives_back_is_not_left(demo_kernel, make_finding, call, left):
    """The notes must not say that a reference still leaks which the very patch drops."""
    finding, bases = demo(demo_kernel, make_finding)
    mended = with_edits(finding, Edit(finding.line, (), (call,)))
    breach = dataclasses.replace(finding.breach, missing=(), resource_name="page")
    held = dataclasses.replace(finding, fingerprint="e" * 16, breach=breach, fix=NoFix("for a person"))

    [section], _ = planned([mended, held], bases)
    assert len(section.patches[0].left) == left
