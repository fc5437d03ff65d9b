"""Stage 8 `condition_words`: only the condition that decides is said, and said rightly."""

import textwrap

import pytest

from cocci_gen.findings.findings import Breach
from cocci_gen.series.words.condition import condition_words


def words(body, condition, *, taken):
    """The words for an exit marked EXIT that is reached by a branch marked BRANCH."""
    code = (
        "static int f(struct page *page, int count)\n{\n"
        + textwrap.indent(textwrap.dedent(body).strip("\n"), "\t")
        + "\n}\n"
    )
    code = code.replace("        ", "\t")
    lines = code.split("\n")
    branch = next(number for number, line in enumerate(lines, 1) if "BRANCH" in line)
    exit_line = next(number for number, line in enumerate(lines, 1) if "EXIT" in line)
    text = code.replace(" /* BRANCH */", "").replace(" /* EXIT */", "")
    breach = Breach("return -EIO;", condition, taken, branch, ("unlock_page",), "page", "page")
    return condition_words(breach, exit_line, text.encode()).replace(f" (line {branch})", "")


@pytest.mark.parametrize(
    ("source", "condition", "taken", "expected"),
    [
        pytest.param("!page", "page", False, "page is NULL", id="pointer"),
        pytest.param("!page", "!page", True, "page is NULL", id="pointer-not-normalised"),
        pytest.param("count", "count", True, "count is not 0", id="number"),
        pytest.param("unlikely(!count)", "count", False, "count is 0", id="unlikely"),
        pytest.param("page == NULL", "page == NULL", True, "page is NULL", id="compared"),
        pytest.param("page->x != 0", "page->x != 0", True, "page->x is not 0", id="compared-unequal"),
        pytest.param("IS_ERR(page)", "IS_ERR(page)", True, "page is an error pointer", id="error-pointer"),
        pytest.param("count < 0", "count < 0", True, "count < 0", id="less"),
        pytest.param("f(a->b, c)", "f(a->b, c)", True, "f(a->b, c) is true", id="call"),
        pytest.param("!f(a)", "f(a)", False, "f(a) is false", id="call-negated"),
        pytest.param("page && count > 1", "count > 1", True, "page is not NULL and count > 1", id="and"),
        pytest.param("!page || count > 1", "count > 1", True, "count > 1", id="or-needs-one"),
        pytest.param("(a && b) || c", "c", True, "c is not 0", id="brackets"),
        pytest.param("a && b || c", "c", True, "the condition in line 3 holds", id="mixed"),
    ],
)
def test_conditions(source, condition, taken, expected):
    """A wrong word here makes the whole message untrue."""
    assert (
        words(f"if ({source}) /* BRANCH */\n\treturn -EIO; /* EXIT */", condition, taken=taken) == f" when {expected}"
    )


def test_a_branch_that_was_only_passed_says_nothing():
    """The last branch on the way to a common exit is no reason for what happens there."""
    body = """
        if (count > 1) /* BRANCH */
                count = 1;
        return count; /* EXIT */
    """
    assert words(body, "count > 1", taken=False) == ""
    assert words(body, "count > 1", taken=True) == ""


def test_a_jump_decides():
    """`goto out` is how most error exits are reached."""
    body = """
        if (count < 0) { /* BRANCH */
                warn();
                goto out;
        }
        unlock(page);
        out:
        return count; /* EXIT */
    """
    assert words(body, "count < 0", taken=True) == " when count < 0"
    assert words(body, "count < 0", taken=False) == ""


def test_an_else_branch_is_the_other_way():
    """What stands in an else holds when the condition does not."""
    body = """
        if (page->ok) { /* BRANCH */
                unlock(page);
        } else {
                return -EIO; /* EXIT */
        }
    """
    assert words(body, "page->ok", taken=False) == " when page->ok is 0"


def test_conditions_over_several_lines():
    """A long condition is said whole where it fits, else by its line."""
    body = """
        if (page->mapping == wanted &&
            count > 1) { /* BRANCH */
                return -EIO; /* EXIT */
        }
    """
    assert words(body, "count > 1", taken=True) == " when page->mapping == wanted and count > 1"
    long = body.replace(
        "wanted", "a_very_long_name_of_something_else_that_is_compared_here_and_goes_on_and_on_for_ever"
    )
    assert words(long, "count > 1", taken=True) == " when the condition in line 3 holds"


@pytest.mark.parametrize(
    "line",
    [
        "switch (count) { /* BRANCH */",
        "MACRO_IF(count) /* BRANCH */",
        "while (count) { /* BRANCH */",
        "if (a(b /* BRANCH */",
    ],
)
def test_what_is_no_plain_if_says_nothing(line):
    """Silence is better than a guess."""
    assert words(f"{line}\n\treturn -EIO; /* EXIT */", "count", taken=True) == ""


def test_lines_outside_of_the_file_say_nothing():
    """A finding whose lines do not fit its file must not break the run."""
    for branch, exit_line in ((0, 1), (5, 3), (1, 99), (-1, 2)):
        assert condition_words(Breach("return;", "x", True, branch, (), "page", "page"), exit_line, b"a\nb\nc\n") == ""
