"""Calls that name a function which the examples stored beside the old call."""

import pytest

from cocci_gen.port.changes.declared import Function as Declared
from cocci_gen.port.changes.declared import Member
from cocci_gen.port.changes.evolutions import FunctionGone, MemberGone
from cocci_gen.port.lessons.examples import Pair
from cocci_gen.port.lessons.generalise import Template, read_function
from cocci_gen.port.lessons.stored_functions import stored_functions
from cocci_gen.port.lessons.types import read_types
from cocci_gen.port.texts.instances import read_code
from cocci_gen.port.texts.terms import HOLE

EVOLUTIONS = [
    FunctionGone(Declared("sow_row", "void", ("struct row *row",), "include/linux/row.h", 1), ()),
    MemberGone(Member("row", "done", "row_done_t *", "include/linux/row.h", 2), alone=True),
]
OLD = b"void f(struct row *row, struct row *other)\n{\n%s\tsow_row(row);\n}\n"
NEW = b"void f(struct row *row, struct row *other)\n{\n\trow_sow(row, %s);\n}\n"


def lost(store, given=b"row_end", known=("row_end", "end_row")):
    """What the rule for the call alone would lose that this example suggests."""
    old, new = (read_code([("fs/a/a.c", text)], frozenset()) for text in (OLD % store, NEW % given))
    pair = Pair(old.functions["f"][0], new.functions["f"][0])
    types = read_types([b"struct row {\n\trow_done_t *done;\n\tint depth;\n};\n"])
    function = read_function(pair, {"done": {"row"}}, types.of_names)
    left = ("call_expression", ("identifier", "sow_row"), ("argument_list", "(", (HOLE, 0), ")"))
    row_sow = ("argument_list", "(", (HOLE, 0), ",", ("identifier", given.decode()), ")")
    template = Template(left, ("call_expression", ("identifier", "row_sow"), row_sow), ())

    def definition(name):
        return f"void {name}(void) {{ }}" if name in known else ""

    return list(stored_functions(EVOLUTIONS, lambda one: [function], definition, definition)(template))


def test_what_the_examples_stored_beside_is_theirs():
    """Code that stored another function would call this one in the end, and nobody would be told."""
    assert ["what was stored to done"] == lost(b"\trow->done = end_row;\n")


@pytest.mark.parametrize(
    ("store", "given", "known"),
    [
        (b"", b"row_end", ("row_end", "end_row")),
        (b"\tother->done = end_row;\n", b"row_end", ("row_end", "end_row")),
        (b"\trow->depth = end_row;\n", b"row_end", ("row_end", "end_row")),
        (b"\trow->done = end_row;\n", b"row_end", ("end_row",)),
        (b"\trow->done = end_row;\n", b"row_end", ("row_end",)),
    ],
    ids=["nothing stored", "of another object", "of another member", "no function given", "no function stored"],
)
def test_what_was_not_stored_beside_is_the_choice_of_all(store, given, known):
    """A constant that all callers give would be refused for what stands beside."""
    assert [] == lost(store, given, known)
