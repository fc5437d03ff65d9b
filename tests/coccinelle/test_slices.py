"""Leaf of stage 4, `slices`: a file with all bodies blanked but one, line by line as it was."""

import pytest

from cocci_gen.coccinelle.slices import slice_of
from cocci_gen.code.texts.source import file_facts
from cocci_gen.facts.tree.definitions import Definition

TEXT = b"""\
#include <linux/fs.h>
static int one(struct page *page)
{
	int x = '}';	/* } */

	return x;
}
static void two(struct page *page) {
	if (page)
		return;
	f();
}
int last(void)
{
	return 1;
}
"""


def sliced(text, *names):
    """The slice that keeps the functions with these names."""
    functions = [Definition("fs/a.c", "", span) for span in file_facts(text, frozenset()).functions]
    return slice_of(text, functions, {one.span.start for one in functions if one.name in names})


def test_other_bodies_are_blanked_and_lines_stay():
    """Lines of findings are those of the slice; a job over a whole file costs ten times as much."""
    lines = sliced(TEXT, "last").split(b"\n")

    assert len(TEXT.split(b"\n")) == len(lines)
    assert [b"static int one(struct page *page)", b"{", b"", b"", b"", b"}"] == lines[1:7]
    assert [b"static void two(struct page *page) {", b"", b"", b"", b"}"] == lines[7:12]
    assert TEXT.split(b"\n")[12:] == lines[12:]


def test_what_stands_between_functions_stays():
    """Macros and types are needed to parse what is kept."""
    assert sliced(TEXT).startswith(b"#include <linux/fs.h>\nstatic int one(struct page *page)\n{\n")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"{\n\tf();\n}", b"{\n\tf();\nreturn; }"),
        (b"{\n\tif (a)\n\t\treturn;\n}", b"{\n\tif (a)\n\t\treturn;\n}"),
        (b"{\n\tf();\n\treturn;\n}", b"{\n\tf();\n\treturn;\n}"),
        (b"{\nagain:\n\tf();\n\tgoto again;\n}", b"{\nagain:\n\tf();\n\tgoto again;\n}"),
    ],
)
def test_the_end_of_a_void_function_gets_a_return(body, expected):
    """SmPL cannot mark a brace, so a void function that ends with the page locked would go unseen."""
    head = b"static void demo(struct page *page)\n"

    assert head + expected + b"\n" == sliced(head + body + b"\n", "demo")


@pytest.mark.parametrize("head", [b"int demo(void)\n", b"void *demo(void)\n", b"static void __iomem *demo(int a)\n"])
def test_functions_that_return_something_are_left_alone(head):
    """`return;` there would be no C."""
    text = head + b"{\n\tf();\n}\n"

    assert text == sliced(text, "demo")


def test_a_function_inside_another_is_cut_once():
    """tree-sitter sees nested functions in code that it misreads; cutting twice would tear the file apart."""
    text = b"int demo(void)\n{\n\tint inner(void) { return 1; }\n\treturn 2;\n}\nint x;\n"

    assert b"int demo(void)\n{\n\n\n}\nint x;\n" == sliced(text)


def test_a_system_call_is_given_to_spatch_as_a_function():
    """spatch matches no function whose head is a macro with commas between types and names."""
    text = b"SYSCALL_DEFINE1(dig, int, fd)\n{\n\treturn fall(fd);\n}\n"

    assert b"static long dig(" in sliced(text, "dig")
    assert b"\n{\n\treturn fall(fd);\n}" in sliced(text, "dig")
