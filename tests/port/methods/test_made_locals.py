"""Locals that the rules for heads put into bodies."""

import pytest

from cocci_gen.document.declarations import Prototype
from cocci_gen.port.changes.declared import Function, Method
from cocci_gen.port.changes.evolutions import FunctionChanged, MethodChanged
from cocci_gen.port.edits.application import apply_rules
from cocci_gen.port.lessons.rules import Declarations, PortRule
from cocci_gen.port.methods.body_uses import Recomputes
from cocci_gen.port.methods.head_plans import HeadPlan
from cocci_gen.port.methods.made_locals import local_text
from cocci_gen.port.texts.parameters import steps_between

OLD, NEW = ("struct plot *plot", "int n"), ("const struct field *field", "int n")
HEAD = b"static int f(const struct field *field, int n)\n{\n"
LOCAL = b"\tstruct plot *plot = field->plot;\n"


@pytest.fixture
def changed(workshop):
    """The body of a function that got such a local -> the body after the last rules."""
    methods = (
        Method("meadow_operations", Prototype("sow", "int", some, "", 1, 1, "", ()), "a.h") for some in (OLD, NEW)
    )
    step = steps_between(OLD, NEW)
    use = Recomputes("struct plot *", "{0}->plot", 3, 3, back="plot_field({})")
    plan = HeadPlan(MethodChanged(*methods, step), ("field", "n"), {0: use}, (), 3)
    mown = FunctionChanged(*(Function("mow", "int", some, "a.h", 1) for some in (OLD, NEW)), step)
    rule = PortRule("r", "r", "", local_text(plan, ["f"], [mown]), Declarations(), ())

    def change(body):
        text = apply_rules([rule], {"a.c": HEAD + LOCAL + body + b"}\n"}, workshop.runner).texts["a.c"]
        return text.removeprefix(HEAD).removesuffix(b"}\n")

    return change


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        (b"\treturn mow(plot, n);\n", b"\treturn mow(field, n);\n"),
        (b"\treturn dig(plot_field(plot), n);\n", b"\treturn dig(field, n);\n"),
        (b"\treturn dig(plot, n);\n", LOCAL + b"\treturn dig(plot, n);\n"),
        (b"\tplot = next(plot);\n\treturn mow(plot, n);\n",) * 2,
        (b"\treturn n;\n", b"\treturn n;\n"),
    ],
    ids=["given on", "made again", "used", "set anew", "not used"],
)
def test_the_parameter_stands_for_what_is_made_of_it(changed, body, wanted):
    """The old structure would be given to a function that takes the new one, and a local stand there for nothing."""
    wanted = LOCAL + wanted if wanted == body and b"next" in body else wanted

    assert wanted == changed(body)
