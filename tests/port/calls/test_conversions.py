"""Calls that still give a structure in place of which another one is wanted."""

import pytest

from cocci_gen.code.texts.source import FunctionSpan
from cocci_gen.port.calls.conversions import conversion_rules
from cocci_gen.port.changes.declared import Function
from cocci_gen.port.changes.evolutions import FunctionChanged
from cocci_gen.port.edits.application import apply_rules
from cocci_gen.port.lessons.habits import Habits
from cocci_gen.port.texts.instances import Written
from cocci_gen.port.texts.parameters import steps_between


def changed(returns, old, new):
    """A function with other parameters, that returns something new."""
    before, after = Function("dig", returns[0], old, "a.h", 1), Function("dig", returns[1], new, "a.h", 1)
    return FunctionChanged(before, after, steps_between(old, new))


def habits(values):
    """A tree whose functions come from a plot to a field in these ways."""
    return Habits(
        Written(f"fs/f{number}/a.c", FunctionSpan(f"f{number}", 0, 1, 1, 3, static=True, inline=False, whole=True),
                f"static int f{number}(struct plot *plot)\n{{\n\tstruct field *field = {value};\n}}\n".encode())
        for number, value in enumerate(values)
    )  # fmt: skip


OLD = ("int depth", "struct plot *plot", "bool wide")
NEW = ("int depth", "struct field *field", "bool wide")
SURE = ["plot_field(plot)"] * 12
CODE = b"void f(struct plot *p, struct field *q)\n{\n\tdig(1, p, true);\n\tdig(2, q, true);\n\tdig(3, other(p), true);\n}\n"


def test_the_old_structure_is_converted_as_the_tree_does_it(workshop):
    """A call that the tree shows for no function in particular would be left to a person."""
    rules = list(conversion_rules([changed(("void", "int"), OLD, NEW)], habits(SURE)))
    ported = apply_rules(rules, {"a.c": CODE}, workshop.runner)

    assert CODE.replace(b"dig(1, p, true)", b"dig(1, plot_field(p), true)") == ported.texts["a.c"]
    assert () == ported.refused


@pytest.mark.parametrize(
    ("change", "values"),
    [
        (changed(("void", "void"), OLD, NEW), SURE[:5]),
        (changed(("void", "void"), OLD, NEW), SURE + ["other_field(plot)"] * 6),
        (changed(("int", "void"), OLD, NEW), SURE),
        (changed(("void", "void"), OLD, (*NEW, "int more")), SURE),
        (changed(("void", "void"), OLD, ("int depth", "struct shed *shed", "bool wide")), SURE),
    ],
    ids=["too few", "no agreement", "its value changed", "one argument more", "no way there"],
)
def test_no_rule_where_the_tree_shows_no_way(change, values):
    """A guess that compiles."""
    assert [] == list(conversion_rules([change], habits(values)))


def test_what_was_made_of_the_new_structure_is_that_structure(workshop):
    """`dig(plot_field(&field->plot))` would lead there and back."""
    there = [
        (f"fs/f{number}/a.c", b"struct field *field = plot_field(plot);", b"struct plot *plot") for number in range(12)
    ]
    back = [(f"fs/f{number}/b.c", b"struct plot *plot = &field->plot;", b"struct field *field") for number in range(12)]
    span = FunctionSpan("f", 0, 1, 1, 3, static=True, inline=False, whole=True)
    known = Habits(
        Written(path, span, b"static int f(%s)\n{\n\t%s\n}\n" % (parameter, local))
        for path, local, parameter in there + back
    )
    rules = list(conversion_rules([changed(("void", "int"), OLD, NEW)], known))
    text = b"void f(struct field *q)\n{\n\tdig(1, &q->plot, true);\n}\n"

    assert text.replace(b"&q->plot", b"q") == apply_rules(rules, {"a.c": text}, workshop.runner).texts["a.c"]
