"""Leaf of stage 6, `edits`: what a semantic patch changed, and which of it belongs to one finding."""

import pytest

from cocci_gen.findings.edits import REACH, edits_between, edits_near, moved, stand_in
from cocci_gen.findings.findings import Edit, apply_edits

BEFORE = b"a\nb\nc\nd\ne\nf\n"


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (BEFORE, ()),
        (b"a\nb\nX\nc\nd\ne\nf\n", (Edit(3, (), (b"X\n",)),)),
        (b"a\nX\nc\nd\ne\nf\n", (Edit(2, (b"b\n",), (b"X\n",)),)),
        (b"a\nc\nd\ne\nf\n", (Edit(2, (b"b\n",), ()),)),
        (b"X\na\nb\nc\nd\ne\nf\nY\n", (Edit(1, (), (b"X\n",)), Edit(7, (), (b"Y\n",)))),
        (b"a\nb\nX\nc\nd\ne\nf", (Edit(3, (), (b"X\n",)), Edit(6, (b"f\n",), (b"f",)))),
    ],
    ids=["nothing", "insertion", "replacement", "deletion", "both ends", "no end of the last line"],
)
def test_edits_are_what_changed(after, expected):
    """The fix of a finding is made of these and must give back what spatch wrote."""

    assert expected == edits_between(BEFORE, after)
    assert after == apply_edits(BEFORE, edits_between(BEFORE, after))


def test_a_large_file_takes_no_time():
    """difflib is quadratic on the empty lines that a slice is full of; without the shortcut this takes minutes."""
    before = b"\n" * 20_000 + b"a\n" + b"\n" * 20_000

    assert (Edit(20_001, (), (b"x\n",)),) == edits_between(before, before.replace(b"a\n", b"x\na\n"))


def test_only_edits_within_reach_belong_to_a_line():
    """A semantic patch may change other places of the function; those are other findings."""
    edits = tuple(
        Edit(line, (), (b"x\n",)) for line in (9 - REACH, 10 - REACH, 11 - REACH, 10, 11, 11 + REACH, 12 + REACH)
    )

    assert [10 - REACH, 11 - REACH, 10, 11, 11 + REACH] == [edit.line for edit in edits_near(edits, (10,))]


def test_an_edit_goes_to_the_nearest_finding():
    """Two exits that stand close to each other must not each take the other's fix."""
    edits = (Edit(10, (), (b"x\n",)), Edit(13, (), (b"y\n",)))

    assert [10] == [edit.line for edit in edits_near(edits, (10,), (10, 13))]
    assert [13] == [edit.line for edit in edits_near(edits, (13,), (10, 13))]
    assert [10, 13] == [edit.line for edit in edits_near(edits, (10,), (10,))]


def test_a_line_that_is_replaced_is_at_no_distance():
    """`if (x)` that gets a brace is two lines above the return, and belongs to it."""
    edits = (Edit(8, (b"if (x)\n",), (b"if (x) {\n",)), Edit(9, (), (b"unlock\n",)), Edit(10, (), (b"}\n",)))

    assert edits == edits_near(edits, (9,), (9,))


@pytest.mark.parametrize(("line", "expected"), [(1, 1), (2, 3), (3, 5), (4, 6), (5, 7), (6, 7), (9, 10)])
def test_where_a_line_stands_after_the_edits(line, expected):
    """Findings before and after a fix are compared by their lines."""
    edits = (
        Edit(2, (), (b"x\n",)),
        Edit(3, (), (b"y\n",)),
        Edit(4, (b"four\n",), (b"4\n",)),
        Edit(5, (b"five\n",), ()),
    )

    assert expected == moved(line, edits)


def test_exits_that_read_alike_share_no_brace():
    """Of two neighbours that both get braces, the one whose edit closed the other's would not parse alone."""
    before = b"if (a)\n\treturn -E;\nif (b)\n\treturn -E;\n"
    after = b"if (a) {\n\tu();\n\treturn -E;\n}\nif (b) {\n\tu();\n\treturn -E;\n}\n"
    edits = edits_between(before, after)
    first, second = edits_near(edits, (2,), (2, 4)), edits_near(edits, (4,), (2, 4))

    assert b"if (a) {\n\tu();\n\treturn -E;\n}\nif (b)\n\treturn -E;\n" == apply_edits(before, first)
    assert b"if (a)\n\treturn -E;\nif (b) {\n\tu();\n\treturn -E;\n}\n" == apply_edits(before, second)
    assert after == apply_edits(before, edits)


def test_an_edit_of_a_line_that_only_the_slice_has_does_not_stand_in_the_file():
    """A macro that returns is written out for spatch; a fix of what it wrote out would end the whole run."""
    text = b"a();\nRETURN_ON_ERROR(err);\n"

    assert stand_in(text, (Edit(1, (b"a();\n",), (b"b();\n",)), Edit(2, (), (b"c();\n",))))
    assert not stand_in(text, (Edit(2, (b"do { if (err) return err; } while (0);\n",), (b"c();\n",)),))


def test_what_is_inserted_ends_as_the_lines_beside_it():
    """A patch with two kinds of line ends is sent back by every module whose files end in CR LF."""
    before = b"a();\r\nreturn 0;\r\n"

    assert (Edit(2, (), (b"unlock();\r\n",)),) == edits_between(before, b"a();\r\nunlock();\nreturn 0;\r\n")
    assert (Edit(2, (), (b"unlock();\n",)),) == edits_between(b"a();\nreturn 0;\n", b"a();\nunlock();\nreturn 0;\n")


def test_a_line_of_blanks_that_spatch_leaves_is_no_edit():
    """Where spatch takes a statement away between braces, it leaves its indentation: checkpatch complains of that."""
    before = b"if (a) {\n\tb;\n\tc;\n}\n"
    edits = edits_between(before, b"if (a)\n\t\n\tc;\n")

    assert b"if (a)\n\tc;\n" == apply_edits(before, edits)
    assert b"a\n\nb\n" == apply_edits(b"a\nb\n", edits_between(b"a\nb\n", b"a\n\nb\n"))


def test_a_new_brace_stands_below_the_one_that_it_closes():
    """Eight blanks stood before it, as spatch found them in a line beside it."""
    before = b"f()\n{\n\tif (a)\n\t\tgoto b;\n\n        c();\n}\n"
    after = b"f()\n{\n\tif (a) {\n\t\td();\n\t\tgoto b;\n        }\n\n        c();\n}\n"
    assert b"\t}\n" in {line for edit in edits_between(before, after) for line in edit.new}
    spaced = edits_between(before.replace(b"\tif", b"    if"), after.replace(b"\tif", b"    if"))
    assert b"        }\n" in {line for edit in spaced for line in edit.new}


@pytest.mark.parametrize(
    ("ahead", "remark", "line"),
    [
        ("\ta();\n", "\t/* so */\n", 4),
        ("\ta();\n", "\t/*\n\t * so\n\t */\n", 4),
        ("\ta();\n", "\t/*\n\t * so\n\t * and\n\t * so\n\t */\n", 9),
        ("\tif (a) {\n", "\t/* so */\n", 5),
        ("", "\ta(); /* so */\n", 4),
    ],
)
def test_a_call_does_not_part_a_remark_from_its_statement(ahead, remark, line):
    """The unlock stood between a remark and the return that it explains."""
    before = f"f()\n{{\n{ahead}{remark}\treturn 1;\n}}\n"
    after = before.replace("\treturn", "\tunlock(m);\n\treturn")
    assert [edit.line for edit in edits_between(before.encode(), after.encode())] == [line]


def test_a_statement_behind_a_label_keeps_its_blanks():
    """spatch takes them where something is put between the two: a line would change in which nothing changes."""
    before = b"{\nout:\n\tput(bh);\n\n}\n"
    after = b"{\nout:\n\tup(sem);\nput(bh);\n\n}\n"
    assert edits_between(before, after) == (Edit(3, (), (b"\tup(sem);\n",)),)


def test_what_began_its_line_before_is_left_there():
    """A declaration outside of functions reads like a statement within."""
    before = b"int x;\n{\n\tint x;\n\ta();\n}\n"
    after = b"int y;\nint x;\n{\n\tint x;\n\tb();\n}\n"
    assert edits_between(before, after) == (Edit(1, (), (b"int y;\n",)), Edit(4, (b"\ta();\n",), (b"\tb();\n",)))
