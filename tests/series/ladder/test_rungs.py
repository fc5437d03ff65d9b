"""Leaf `ladder`: rungs, their order, and the look of new lines."""

import pytest

from cocci_gen.findings.trials import Trial
from cocci_gen.series.ladder.rungs import NotPassed, NotRun, Passed, Rung, formatting, passed

TABS = b"int f(void)\n{\n\tint a;\n\n\tif (a)\n\t\treturn 1;\n\treturn 0;\n}\n"
BLANKS = TABS.replace(b"\t", b"    ")


def test_the_rungs_of_the_scan_have_the_same_names():
    """A rung that stage 8 does not know would be silently lost on the way to the notes."""
    scan = Trial(applies=True, parses=True, gone=True, new=(), converges=True, detail="").passed

    assert [Rung(name) for name in scan] == [Rung.APPLIES, Rung.PARSES, Rung.GONE, Rung.NONE_NEW, Rung.CONVERGES]


def test_only_what_passed_is_said():
    """What was not run must never be mentioned as if it had been."""
    results = (Passed(Rung.MAIL), NotPassed(Rung.CHECKPATCH, "x"), NotRun(Rung.BUILDS, "y"), Passed(Rung.APPLIES))

    assert passed(results) == (Rung.APPLIES, Rung.MAIL)
    assert all(rung.sentence for rung in Rung)


@pytest.mark.parametrize(
    ("before", "line", "complaint"),
    [
        (TABS, b"\tg();\n", ""),
        (TABS, b"        g();\n", "indented by blanks"),
        (BLANKS, b"\tg();\n", "indented by a tab"),
        (BLANKS, b"    g();\n", ""),
        (TABS, b"\tg(); \n", "ends in blanks"),
        (TABS, b"\tg();\r\n", "ends in blanks"),
        (TABS, b"\t \tg();\n", "blank before a tab"),
        (TABS, b"out:\n", ""),
        (TABS, b"\t" + b"g" * 92 + b"\n", ""),
        (TABS, b"\t" + b"g" * 93 + b"\n", "has 101 columns"),
        (TABS + b"/* " + b"x" * 120 + b" */\n", b"\t" + b"g" * 93 + b"\n", ""),
    ],
)
def test_new_lines_look_like_old_ones(before, line, complaint):
    """A patch in another style is sent back, whatever it mends."""
    lines = before.split(b"\n")
    after = b"\n".join([*lines[:5], line.rstrip(b"\n"), *lines[5:]])

    found = formatting(before, after)
    assert bool(found) == bool(complaint)
    assert complaint in "".join(found)


@pytest.mark.parametrize(("line", "complaints"), [(b"\tg();", 0), (b"        g();", 0), (b"\t\tg();", 1)])
def test_a_file_that_does_both_is_followed_where_it_stands(line, complaints):
    """Four blanks and then tabs are a style too: the line beside the new one has the say, and else the file."""
    mixed = (
        b"int f(void)\n{\n    int a;\n    int b;\n    if (a) {\n\treturn 1;\n    }\n        h();\n    return 0;\n}\n"
    )
    place = b"        h();\n" if line.startswith(b" ") else b"\treturn 1;\n"

    assert complaints == len(formatting(mixed, mixed.replace(place, line + b"\n" + place)))


def test_no_blank_lines_pile_up():
    """checkpatch sees that in every patch."""
    after = TABS.replace(b"a;\n\n", b"a;\n\n\n")

    assert formatting(TABS, after) == ("two blank lines follow each other",)
    assert formatting(after, TABS) == ()


def test_the_end_of_the_file_stays():
    """A newline added at the end of a file is another change."""
    assert formatting(TABS, TABS.rstrip(b"\n")) == ("the end of the last line changed",)
