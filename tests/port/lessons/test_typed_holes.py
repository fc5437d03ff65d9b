"""Metavariables that may stand for things of one type alone."""

import pytest

from cocci_gen.port.changes.evolutions import FunctionGone
from cocci_gen.port.changes.header_declarations import read_headers
from cocci_gen.port.lessons.generalise import Template
from cocci_gen.port.lessons.typed_holes import typed_holes
from cocci_gen.port.texts.terms import HOLE

OLD = read_headers([("a.h", b"int plot_sown(struct plot *plot, int n);\n")]).functions["plot_sown"][0]


def call(name, *arguments):
    """A call as a term."""
    return ("call_expression", ("identifier", name), ("argument_list", *arguments))


@pytest.mark.parametrize(
    ("header", "typed"),
    [
        (b"int field_sown(struct field*field, int n);\n", [(0, "field", True)]),
        (b"int field_sown(struct plot *plot, int n);\n", []),
        (b"int field_sown(void *plot, int n);\n", []),
        (b"", []),
    ],
    ids=["another structure", "the same", "anything", "not declared"],
)
def test_what_follows_a_function_that_went_may_take_another_structure(header, typed):
    """A plot would be handed to what takes a field, as all who showed the step had fields by then."""
    holes = (HOLE, 0), (HOLE, 1)
    template = Template(call("plot_sown", *holes), call("field_sown", *holes), ())
    changes = {"plot_sown": FunctionGone(OLD, ())}

    assert typed == list(typed_holes(template, changes, lambda path: read_headers([(path, header)])))


def test_what_is_converted_may_stay_what_it_was():
    """`field_sown(plot_field(plot))` would be refused for plots."""
    holes = (HOLE, 0), (HOLE, 1)
    template = Template(call("plot_sown", *holes), call("field_sown", call("plot_field", holes[0]), holes[1]), ())
    declared = read_headers(
        [("a.h", b"int field_sown(struct field *field, int n);\nstruct field *plot_field(struct plot *plot);\n")]
    )

    assert [] == list(typed_holes(template, {"plot_sown": FunctionGone(OLD, ())}, lambda path: declared))
