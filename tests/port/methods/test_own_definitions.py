"""Functions that a header declares and the code at hand defines."""

import pytest

from cocci_gen.port.changes.comparison import compare
from cocci_gen.port.changes.header_declarations import read_headers
from cocci_gen.port.edits.application import apply_rules
from cocci_gen.port.methods.own_definitions import definition_rules, own_definitions
from cocci_gen.port.texts.instances import read_code

OLD = b"int mow(struct plot *plot, int rows, bool deep);\n"
CODE = b"int mow(struct plot *plot, int rows, bool deep)\n{\n\treturn cut(%s);\n}\nEXPORT_SYMBOL(mow);\n"


def made(new, code, of_kernel=("a.c",), old=OLD):
    """The rules for code whose header is this by now, and the reasons of what is left."""
    evolutions = compare(*(read_headers([("include/linux/a.h", text)]) for text in (old, new)), (), ())
    rules, left = definition_rules(own_definitions(evolutions, read_code([("a.c", code)], frozenset()), of_kernel))
    return rules, [one.reason for _, one in left]


@pytest.mark.parametrize(
    ("new", "uses", "head", "left"),
    [
        (b"int mow(struct plot *plot, int rows);\n", b"plot", b"int mow(struct plot *plot, int rows)\n", 0),
        (b"int mow(struct plot *plot, int rows);\n", b"deep", b"int mow(struct plot *plot, int rows)\n", 1),
        (OLD.replace(b"deep", b"deep, int n"), b"plot", b"struct plot *plot, int rows, bool deep, int n)\n", 0),
        (OLD.replace(b"struct plot *", b"void *"), b"plot", b"int mow(void *plot, int rows, bool deep)\n", 1),
    ],
    ids=["one less", "one less that is used", "one more", "anything of the same name"],
)  # fmt: skip
def test_a_definition_follows_its_header(workshop, new, uses, head, left):
    """The compiler would say twice for each function that its declaration is another."""
    rules, reasons = made(new, CODE % uses)
    ported = apply_rules(rules, {"a.c": CODE % uses}, workshop.runner)

    assert head in ported.texts["a.c"]
    assert left == len(reasons)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"struct plot *mow(void)", b"const struct plot *mow(void)"),
        (b"int mow(struct plot *plot, int rows)", b"int mow(void)"),
        (b"int mow(void)", b"int mow(int rows)"),
    ],
    ids=["another type", "nothing any more", "something by now"],
)
def test_a_head_without_parameters_says_so(workshop, old, new):
    """`mow()` is no prototype: the kernel's warnings are errors."""
    code = b"%s;\n\n%s\n{\n\treturn 0;\n}\n"
    rules, _ = made(new + b";\n", code % (old, old), old=old + b";\n")

    assert code % (new, new) == apply_rules(rules, {"a.c": code % (old, old)}, workshop.runner).texts["a.c"]


@pytest.mark.parametrize(
    ("code", "of_kernel"),
    [
        (CODE % b"plot", ()),
        (b"static " + CODE % b"plot", ("a.c",)),
        ((CODE % b"plot").replace(b"int rows", b"long rows"), ("a.c",)),
    ],
    ids=["a module's", "a file's", "of another type"],
)
def test_what_only_has_the_name_is_no_definition_of_it(code, of_kernel):
    """A module's own helper of the name would change with a function that it never calls."""
    assert ([], []) == made(b"int mow(struct plot *plot, int rows);\n", code, of_kernel)


def test_a_function_that_returns_something_else_is_left_as_it_is():
    """`return cut(plot);` would stand in a function that returns nothing."""
    rules, reasons = made(OLD.replace(b"int mow", b"void mow"), CODE % b"plot")

    assert [] == rules
    assert ["it returns `void` by now, so that its head and its values are left as they are"] == reasons


def test_what_may_be_anything_under_another_name_is_not_what_it_was(workshop):
    """The compiler takes whatever stands behind a `void *`: a body that wants the plot would get something else in silence."""
    rules, reasons = made(OLD.replace(b"struct plot *plot", b"void *thing"), CODE % b"plot")

    assert b"return cut(plot);" in apply_rules(rules, {"a.c": CODE % b"plot"}, workshop.runner).texts["a.c"]
    assert 1 == len(reasons)
