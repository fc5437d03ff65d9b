"""What a scan told of functions that did not change, with the lines at which others stand today."""

import pytest

from cocci_gen.facts.calls.steps import Step
from cocci_gen.scan.relined import MovedLineError, line_map, relined_standing
from cocci_gen.scan.standings import Stand, Standing


def standing(*steps):
    """A standing with these steps."""
    return Standing("a.b.c", "fs/x.c", "f", 3, Stand.KEPT, "", (), steps)


@pytest.mark.parametrize(
    ("old", "new", "lines"),
    [
        (b"a\nb\nc\n", b"a\nb\nc\n", {1: 1, 2: 2, 3: 3, 4: 4}),
        (b"a\nb\nc\n", b"a\nx\nb\nc\n", {1: 1, 2: 3, 3: 4, 4: 5}),
        (b"a\nb\nc\n", b"a\nc\n", {1: 1, 3: 2, 4: 3}),
        (b"a\nb\nm\nc\nd\n", b"a\nx\ny\nm\nd\n", {1: 1, 3: 4, 5: 5, 6: 6}),
        (b"b\nb\n", b"b\nb\nb\n", {1: 1, 2: 2, 3: 4}),
    ],
)
def test_each_line_is_found_again(old, new, lines):
    """Evidence would point into the middle of another function."""
    found = line_map(old, new)

    assert lines == found
    assert all(old.split(b"\n")[a - 1] == new.split(b"\n")[b - 1] for a, b in found.items())


def test_what_leads_elsewhere_moves_along():
    """A step in a file that changed has another number today; one in a file that did not has none."""
    lines = {"mm/y.c": {7: 9}}
    told = standing(Step("fs/x.c", 4, "calls g()"), Step("mm/y.c", 7, "g() sleeps"))

    assert relined_standing(told, lines).steps == (Step("fs/x.c", 4, "calls g()"), Step("mm/y.c", 9, "g() sleeps"))
    assert relined_standing(standing(Step("fs/x.c", 7, "at line 7")), lines) == standing(Step("fs/x.c", 7, "at line 7"))


@pytest.mark.parametrize(
    ("file", "was", "today"),
    [
        ("mm/y.c", "only under a test at line 7", "only under a test at line 9"),
        ("mm/y.c", "as on lines 7, 8 and others", "as on lines 9, 10 and others"),
        ("fs/z.c", "`c` at line 7 of mm/y.c is true", "`c` at line 9 of mm/y.c is true"),
        ("mm/y.c", "`c` at line 7 of fs/x.c is true", "`c` at line 7 of fs/x.c is true"),
        ("mm/y.c", '`warn("line 7")` is passed', '`warn("line 7")` is passed'),
    ],
)
def test_lines_in_words_move_along(file, was, today):
    """Whose evidence says a line of its own file would be looked at again for a change of any file that it names, and all who
    lead to it."""
    told = standing(Step(file, 30, was))

    assert relined_standing(told, {"mm/y.c": {7: 9, 8: 10, 30: 30}}).steps == (Step(file, 30, today),)


@pytest.mark.parametrize("step", [Step("mm/y.c", 8, "it is gone"), Step("mm/y.c", 7, "only under a test at line 8")])
def test_a_line_that_nobody_knows_is_not_made_up(step):
    """A number in words would stay as it was, and one that is gone has no other."""
    with pytest.raises(MovedLineError):
        relined_standing(standing(step), {"mm/y.c": {7: 9}})
