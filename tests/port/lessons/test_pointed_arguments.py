"""Arguments that are given by their address since."""

import pytest

from cocci_gen.port.changes.declared import Function
from cocci_gen.port.changes.evolutions import FunctionChanged
from cocci_gen.port.lessons.generalise import Template
from cocci_gen.port.lessons.pointed_arguments import lost_pointers
from cocci_gen.port.texts.parameters import steps_between
from cocci_gen.port.texts.terms import HOLE

OLD = ("struct herd *herd", "int n")


def call(*arguments):
    """`herd_move(...)` as a term."""
    parts = [part for one in arguments for part in (",", one)][1:]
    return ("call_expression", ("identifier", "herd_move"), ("argument_list", "(", *parts, ")"))


def address(term):
    """The address of a term."""
    return ("pointer_expression", "&", term)


@pytest.mark.parametrize(
    ("new", "right", "lost"),
    [
        (("const struct herd *herd", "int n"), call(address((HOLE, 0)), (HOLE, 1)), ("the pointer E0",)),
        (("int n", "struct herd *herd"), call((HOLE, 1), address((HOLE, 0))), ("the pointer E0",)),
        (("const struct herd *herd", "int n"), call((HOLE, 0), (HOLE, 1)), ()),
        (("struct herd **herd", "int n"), call(address((HOLE, 0)), (HOLE, 1)), ()),
        (("struct herd *herd", "int n", "int *m"), call((HOLE, 0), (HOLE, 1), address((HOLE, 1))), ()),
    ],
    ids=["const by now", "moved", "as before", "a pointer to it is wanted", "of something that came"],
)
def test_a_pointer_stays_one(new, right, lost):
    """A driver would give the address of its pointer where the tree gives that of a structure."""
    functions = (Function("herd_move", "int", some, "a.h", 1) for some in (OLD, new))
    change = FunctionChanged(*functions, steps_between(OLD, new))

    assert lost == lost_pointers([change])(Template(call((HOLE, 0), (HOLE, 1)), right, ()))
