"""Methods that went, and tables that had their successor all along."""

import pytest

from cocci_gen.document.declarations import Prototype
from cocci_gen.port.application import apply_rules
from cocci_gen.port.declared import Declared, Member, Method
from cocci_gen.port.evolutions import MethodGone
from cocci_gen.port.initialisers import Table
from cocci_gen.port.instances import read_code
from cocci_gen.port.outlived_methods import outlived_rules, unnamed

GONE = MethodGone(Method("nest_operations", Prototype("line", "int", (), "", 1, 1, "", ()), "include/linux/nest.h"))
FLAGS = Member("nest_operations", "flags", "unsigned int", "include/linux/nest.h", 9)


def declared(path):
    """What the header declares: one member that is no method."""
    return Declared(members={("nest_operations", "flags"): [FLAGS]} if path == "include/linux/nest.h" else {})


def both(number, **more):
    """A table that had both methods, and has these beside the successor by now."""
    old = {"line": f"line{number}", "line_all": f"all{number}"}
    return Table(f"fs/a{number}/a.c", "ops", "nest_operations", old, {"line_all": f"all{number}", **more})


def got(number, method="line_all"):
    """A table that had the old method alone, and got another one."""
    return Table(f"fs/b{number}/b.c", "ops", "nest_operations", {"line": f"line{number}"}, {method: f"line{number}"})


def rules(*tables, excluded=()):
    """The rules that some tables teach."""
    return list(outlived_rules([GONE], tables, declared, excluded))


LEARNED = (both(0), both(1), both(2, flags="SOFT"), got(0), got(1))
CODE = b"""\
static int deep(struct nest *n)
{
	return 1;
}

static const struct nest_operations a = {
%s	.line_all = all,
};
"""


def test_the_entry_goes_beside_the_successor(workshop):
    """A method that nobody calls would keep the file from building, with nothing for a person to decide."""
    ported = apply_rules(rules(*LEARNED), {"a.c": CODE % b"\t.line = deep,\n"}, workshop.runner)

    assert CODE % b"" == ported.texts["a.c"]


def test_a_table_without_the_successor_is_left(workshop):
    """What the method did would be done by nobody, and nobody would be told."""
    text = b"static const struct nest_operations a = {\n\t.line = deep,\n};\n"

    assert text == apply_rules(rules(*LEARNED), {"a.c": text}, workshop.runner).texts["a.c"]


@pytest.mark.parametrize(
    "tables",
    [
        pytest.param((both(0), both(1), got(0), got(1)), id="too few had both"),
        pytest.param((*LEARNED, both(3, line_some="some")), id="one got another method"),
        pytest.param((both(0), both(1), both(2), got(0)), id="too few got it"),
        pytest.param((both(0), both(1), both(2), got(0, "flags"), got(1, "flags")), id="what came is no method"),
        pytest.param((both(0), both(1), both(2), got(0, "pad"), got(1, "pad")), id="another method came"),
    ],
)
def test_what_the_tables_do_not_show_makes_no_rule(tables):
    """An entry would go whose work nothing takes over."""
    assert [] == rules(*tables)


def test_code_that_is_left_out_teaches_nothing():
    """A file system would be measured by what it taught itself."""
    assert [] == rules(*LEARNED, excluded=("fs/a1",))


def test_the_function_that_nothing_names_is_told():
    """Dead code would stay, and with it what only it did."""
    before, after = (
        read_code([("a.c", text)], frozenset({"line"})) for text in (CODE % b"\t.line = deep,\n", CODE % b"")
    )
    (left,) = unnamed([GONE], before, after, {GONE.id: ("fs/b0/b.c: line0()",)})

    assert ("a.c", 1, "deep", "nest_operations.line") == (left.path, left.line, left.function, left.evolution)
    assert ("fs/b0/b.c: line0()",) == left.nearest
    assert [] == list(unnamed([GONE], before, before, {}))
