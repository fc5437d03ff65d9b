"""Places that the module's own build asks about."""

import pytest

from cocci_gen.port.changes.declared import Function, Member
from cocci_gen.port.changes.evolutions import FunctionChanged, FunctionGone, MemberRetyped
from cocci_gen.port.changes.mentions import Met
from cocci_gen.port.checks.asked_by_build import without_asked
from cocci_gen.port.edits.application import Ported
from cocci_gen.port.lessons.rules import Declarations, PortRule
from cocci_gen.port.output.report import Port
from cocci_gen.port.remains.leftovers import Leftover
from cocci_gen.port.texts.parameters import steps_between

OLD, NEW = ("struct plot *plot", "int rows"), ("struct plot *plot",)
MOW = Function("mow_all", "int", OLD, "include/linux/shed.h", 1)
GONE = FunctionGone(MOW, ())
CHANGED = FunctionChanged(MOW, Function("mow_all", "int", NEW, "include/linux/shed.h", 1), steps_between(OLD, NEW))
STATE = MemberRetyped(Member("plot", "p_state", "int", "a.h", 1), Member("plot", "p_state", "struct state", "a.h", 1))
READS = PortRule("r", STATE.id, "", "@@\n@@\n- E->p_state\n+ plot_state_read(E)\n", Declarations(), ())


class View:
    """The same names around each line of whatever file."""

    def __init__(self, names):
        self.names = frozenset(names)

    def set_around(self, *place):
        """The names."""
        assert 3 == len(place)
        return self.names


def left(evolution, names, told="", rules=()):
    """How many places are left of one about something, and what is told of the code."""
    leftover = Leftover("a.c", 3, told or evolution.id, "gone", ())
    used = () if evolution is None else (Met(evolution, ("a.c:3",)),)
    port = Port("old", "new", "shed", used, rules, Ported({"a.c": b""}, {"a.c": b""}, (), ()), (leftover,), {})
    found = without_asked(port, View(names))
    return len(found.leftovers), found.remarks


@pytest.mark.parametrize(
    ("evolution", "told", "rules", "name", "places"),
    [
        (GONE, "", (), "HAVE_MOW_ALL", 0),
        (GONE, "", (), "HAVE_LINUX_MOW_ALL_2ARGS", 0),
        (GONE, "", (), "HAVE_MOW_ALLOWED", 1),
        (GONE, "", (), "HAVE_MOW", 1),
        (CHANGED, "", (), "HAVE_MOW_ALL", 1),
        (CHANGED, "", (), "HAVE_MOW_ALL_1ARG", 0),
        (STATE, "", (), "HAVE_PLOT_STATE_READ", 1),
        (STATE, "", (READS,), "HAVE_PLOT_STATE_READ_ONCE", 0),
        (None, "->tidy, mow_all()", (), "HAVE_MOW_ALL", 1),
    ],
    ids=["it", "with more words", "another word", "half of it", "its name", "what it takes", "unknown", "successor", "a note"],
)  # fmt: skip
def test_what_the_build_asks_for_is_not_left_to_a_person(evolution, told, rules, name, places):
    """A module that has a way for both kernels would be said to have none; or a call that cannot compile be passed over."""
    assert places == left(evolution, [name], told, rules)[0]


def test_it_is_told_where_the_build_decides():
    """Nobody could check that `configure` knows the new kernel."""
    count, told = left(GONE, ["HAVE_MOW_ALL"])

    assert 0 == count
    assert ("left to the module's own build, which asks for it: HAVE_MOW_ALL (a.c:3)",) == told
    assert (1, ()) == left(GONE, [])
