"""What a callee does by a value that it is handed, told apart by that value."""

import pytest

from cocci_gen.code.graphs.control_flow import Call
from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.code.searches.by_given import asking, by_given
from cocci_gen.code.searches.machines import Exit, Outcome
from cocci_gen.code.states.known import ZERO, thawed

CALL = Call("done", True, ("box", "err", "0"), 1)


def _only_on(name):
    """A callee that releases where a variable may be other than zero."""

    def asked(facts):
        signs = thawed(facts).get(name, (7, ""))[0]
        states = (("owed",) if signs & ZERO else ()) + (("back",) if signs & ~ZERO else ())
        return Outcome(tuple(map(Exit, states)))

    return asked


def test_the_ways_of_a_callee_carry_the_value_that_they_are_taken_by():
    """Else a release that a helper leaves out where its caller succeeds is on nobody's way, or an alarm on everybody's."""
    found = {
        (one.state, place, signs)
        for one in by_given(CALL, (), _only_on("err")).exits
        for place, signs, _ in one.result.given
    }
    assert found == {("owed", "err", 2), ("back", "err", 1), ("back", "err", 4)}


def test_what_the_caller_knows_leaves_one_way():
    """Else a helper that is handed a failure is said to keep the lock."""
    assert by_given(CALL, (("err", 1, ""),), _only_on("err")).exits == (Exit("back"),)


def test_a_value_that_is_not_handed_over_tells_nothing():
    """Else a way is chosen by a variable that the callee has never seen."""
    assert by_given(CALL, (), _only_on("other")).ambiguous


def test_of_what_a_callee_never_asks_for_nothing_is_told():
    """Each variable is worth three searches of the callee, and of what it calls."""
    assert by_given(CALL, (), _only_on("err"), {0}.__contains__).ambiguous


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ("if (err)\n\t\twork(box);", {1}),
        ("if (box)\n\t\twork(box);", {0}),
        ("if (box->err)\n\t\twork(box);", set()),
        ("done_for(box, err);", {1}),
        ("int some = err & 3;\n\tif (some)\n\t\twork(box);", {1}),
        ("work(box);", set()),
    ],
)
def test_a_callee_may_decide_by_what_it_asks_for_or_hands_on(body, places):
    """A pointer that it hands on, the lock itself mostly, would be asked about three times more in all that it calls."""
    assert asking(graph_of(f"void done(struct box *box, int err)\n{{\n\t{body}\n}}\n".encode(), 1)) == places
