"""A Graph and what may not be passed -> Path, the shortest feasible way to a node; over another one first, if asked."""

from __future__ import annotations

from collections.abc import Collection

from cocci_gen.code.graphs.agreement import repeated_tests
from cocci_gen.code.graphs.control_flow import Graph, Node
from cocci_gen.code.searches.explorations import Exploration
from cocci_gen.code.searches.machines import Event, Exit, Machine, Outcome
from cocci_gen.code.searches.paths import NoPath, Path
from cocci_gen.code.searches.search import Question, Refusal, explore
from cocci_gen.code.states.known import Facts

#: The node at which a function is left.
EXIT = 1
#: In front of the node that a way must lead over, and behind it.
_BEFORE, _BEHIND = "before", "behind"
_TURN = Machine("turn", _BEFORE, (), ())


def any_branch(_node: Node, _label: str) -> bool:
    """Refuses no branch."""
    return False


def way_to(
    graph: Graph,
    target: int,
    blocked: Collection[int],
    *,
    over: int = -1,
    refused: Refusal = any_branch,
    known: Facts = (),
) -> Path | NoPath:
    """The shortest feasible way to `target` that passes no node of `blocked`, though it may end there.

    With `over` it leads over that node, and is blocked behind it only; a blocked target is then never reached.
    Tests that stand twice have the same outcome twice.  NoPath(exhausted=True) is a proof under the model.
    """
    if over >= 0 and target in blocked:
        return NoPath(exhausted=True)
    events = {number: (_ending(number),) for number in blocked if number != 0}
    if over >= 0:
        events[over] = (*events.get(over, ()), _turning(over))
    state = _BEFORE if over >= 0 else _BEHIND
    agreeing = frozenset(repeated_tests(graph))
    found = explore(Question(graph, _TURN, events, state, 0, known, refused, agreeing=agreeing))
    return way_in(found, target, frozenset({_BEHIND}))


def way_in(found: Exploration, target: int, states: Collection[str]) -> Path | NoPath:
    """The shortest way of an exploration that comes to a node (to EXIT: to any return) in one of the states; where values were
    forgotten, a way proves nothing."""
    stop = next((stop for stop in found.before if stop.node == target and stop.state in states), None)
    if target == EXIT:
        stop = next((arrival.stop for arrival in found.arrivals if arrival.state in states), None)
    if stop is None or found.merged:
        return NoPath(exhausted=stop is None)
    return found.path(stop)


def _ending(number: int) -> Event:
    """No way goes on here."""

    def outcome(state: str, _facts: Facts) -> Outcome:
        return Outcome(() if state == _BEHIND else (Exit(state),))

    return Event(number, 0, None, "", outcome)


def _turning(number: int) -> Event:
    def outcome(_state: str, _facts: Facts) -> Outcome:
        return Outcome((Exit(_BEHIND),))

    return Event(number, 0, None, "", outcome)
