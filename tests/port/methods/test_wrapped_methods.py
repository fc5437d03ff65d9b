"""Methods that went, and functions that a macro makes for another one."""

import pytest

from cocci_gen.document.declarations import Prototype
from cocci_gen.port.changes.declared import Method
from cocci_gen.port.changes.evolutions import MethodGone
from cocci_gen.port.edits.application import apply_rules
from cocci_gen.port.lessons.initialisers import Table
from cocci_gen.port.methods.wrapped_methods import wrapped_rules

GONE = MethodGone(Method("shed_operations", Prototype("tidy", "int", (), "", 1, 1, "", ()), "a.h"))
HEADER = "#define WRAP_TIDY(x) \\\n\tstatic int shared_##x(struct shed *s) \\\n\t{ return tidy_alone(s, x); }\n"


def table(number, method="tidy_shared", prefix="shared_", kept=False):
    """A table of the tree, before and after."""
    after = {method: f"{prefix}f{number}", **({"tidy": f"f{number}"} if kept else {})}
    return Table(f"fs/a{number}/a.c", "ops", "shed_operations", {"tidy": f"f{number}"}, after)


def rules(tables, header=HEADER, excluded=()):
    """The rules that some tables teach."""
    return list(wrapped_rules([GONE], tables, lambda path: header, excluded))


CODE = """\
static int f(struct shed *s)
{
	return 0;
}
%s
static const struct shed_operations a = {
	%s,
};

static const struct shed_operations b = {
	%s,
};

static const struct shed_operations c = {
	.tidy = elsewhere,
};
"""


def test_the_function_is_made_once_and_named_in_each_table(workshop):
    """Two tables would have it made twice; a function of another file would be named that nobody makes."""
    ported = apply_rules(rules([table(number) for number in range(3)]), {"a.c": (CODE % ("", ".tidy = f", ".tidy = f")).encode()},
                         workshop.runner)  # fmt: skip
    entry = ".tidy_shared = shared_f"

    assert CODE % ("WRAP_TIDY(f)\n", entry, entry) == ported.texts["a.c"].decode()
    assert () == ported.refused


def test_a_macro_that_ends_in_the_middle_of_a_declaration_has_its_semicolon(workshop):
    """Without it the next declaration would be part of this one."""
    header = HEADER.rstrip("\n") + " static int tidied_##x\n"
    text = (CODE % ("", ".tidy = f", ".open = f")).encode()

    ported = apply_rules(rules([table(number) for number in range(3)], header), {"a.c": text}, workshop.runner)

    assert b"WRAP_TIDY(f);\n" in ported.texts["a.c"]


@pytest.mark.parametrize(
    ("tables", "header"),
    [
        ([table(1), table(2)], HEADER),
        ([*(table(number) for number in range(3)), table(4, prefix=""), table(5, prefix="")], HEADER),
        ([table(number, kept=True) for number in range(3)], HEADER),
        ([table(number) for number in range(3)], HEADER.replace("shared_##x", "other_##x")),
        ([table(number) for number in range(3)], HEADER + HEADER.replace("WRAP_TIDY", "WRAP_ALSO")),
    ],
    ids=["two are none", "they do not agree", "it is still there", "no macro makes it", "two macros make it"],
)
def test_what_is_not_shown_is_no_rule(tables, header):
    """A table would name a function that nobody makes."""
    assert [] == rules(tables, header)


def test_a_group_that_is_left_out_teaches_nothing():
    """The code at hand would be its own example."""
    assert [] == rules([table(number) for number in range(3)], excluded=("fs/a1",))
