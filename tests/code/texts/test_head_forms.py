"""Functions whose head is written more than once."""

import pytest

from cocci_gen.code.texts.head_forms import words_of_some_heads

BODY = "\n{\n\treturn fern_grow(page);\n}\n"
NAME = """\
static int
#ifdef FERN_TAKES_CONTROL
fern_write(struct page *page, struct writeback_control *wbc)
#else
fern_write(struct page *page)
#endif"""
WHOLE = """\
#if defined(FERN_TAKES_CONTROL)
static int fern_write(struct page *page, struct writeback_control *wbc)
#else
static int fern_write(struct page *page)
#endif"""
BRACED = """\
#ifdef FERN_TAKES_CONTROL
static int fern_write(struct page *page, struct writeback_control *wbc) {
#else
static int fern_write(struct page *page) {
#endif"""
ONE = """\
static int fern_write(struct page *page
#ifdef FERN_TAKES_CONTROL
\t\t, struct writeback_control *wbc
#endif
\t\t)"""


@pytest.mark.parametrize("head", [NAME, WHOLE, BRACED, ONE])
def test_a_parameter_that_one_head_lacks(head):
    """A fix that uses it does not compile where the other head holds."""
    text = f"int fern;\n\n{head}{BODY if head is not BRACED else BODY[2:]}"
    line = 1 + text[: text.index("fern_write")].count("\n")

    assert {"struct", "writeback_control", "wbc"} & words_of_some_heads(text.encode(), line) == {
        "writeback_control",
        "wbc",
    }


@pytest.mark.parametrize(
    "text",
    [
        f"#ifdef CONFIG_FERN\nstatic int fern_write(struct page *page, struct writeback_control *wbc){BODY}#endif\n",
        f"#else\nstatic int fern_write(struct page *page, struct writeback_control *wbc){BODY}#endif\n",
        f"#endif\nstatic int fern_write(struct page *page, struct writeback_control *wbc){BODY}",
        (
            "static int fern_write(struct page *page, struct writeback_control *wbc)\n"
            "{\n#ifdef CONFIG_FERN\n\twbc->seed++;\n#endif\n\treturn 0;\n}\n"
        ),
    ],
)
def test_a_function_that_is_there_or_not_has_one_head(text):
    """What a configuration leaves out as a whole has all its parameters, and its fix would go."""
    line = 1 + text[: text.index("static")].count("\n")

    assert frozenset() == words_of_some_heads(text.encode(), line)
