"""A return that is a call -> the step that knows a failure which the callee is handed and hands back.

`return box_open_done(file, err);` tells of a failure where `err` is known for one, as that function returns it at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from cocci_gen.code.graphs.control_flow import Call, Node
from cocci_gen.code.searches.machines import ERROR, Event, Exit, Machine, Outcome, Result
from cocci_gen.code.searches.search import Question, explore
from cocci_gen.code.states.known import NEGATIVE, Facts, thawed
from cocci_gen.code.states.zeroed import given_to
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.shared import shared

#: Stops of one callee before values are merged; then nothing is known of what it returns.
_STOPS = 500
_ASKED = Machine("answers", "", (), ())
_FAILED = (Result(NEGATIVE), Result(pointer=ERROR))


@dataclass(frozen=True, slots=True)
class Answers:
    """What the functions of one tree make of a failure that they are handed; every answer is remembered."""

    index: KernelIndex
    _known: dict[tuple[Definition, Facts], tuple[Result, ...]] = field(default_factory=dict, compare=False, repr=False)

    def step(self, number: int, node: Node, path: str) -> Event | None:
        """The step of a return that is a call with arguments; None for any other node."""
        call = next((one for one in node.calls if node.kind == "return" and node.returned == one.text), None)
        if call is None or not call.direct or not call.arguments:
            return None

        def outcome(before: str, facts: Facts) -> Outcome:
            results = self._failures(call, path, facts) if before == "owed" else ()
            return Outcome(tuple(Exit(before, one) for one in results) or (Exit(before),))

        return Event(number, call.line, call, f"{call.callee}()", outcome)

    def _failures(self, call: Call, path: str, facts: Facts) -> tuple[Result, ...]:
        """How a call fails with what is known of its arguments; () where it may not."""
        every = self.index.resolve(call.callee, path)
        graph = self.index.graph(every[0]) if len(every) == 1 else None
        if graph is None or not graph.whole:
            return ()
        known = given_to(graph, call.arguments, thawed(facts))
        key = every[0], known
        if known and key not in self._known:
            found = explore(Question(graph, _ASKED, {}, _ASKED.start, known=known, limit=_STOPS))
            results = {one.result for one in found.arrivals}
            failed = not found.merged and all(one.signs == NEGATIVE or one.pointer == ERROR for one in results)
            of_pointer = graph.returns.endswith("*")
            self._known[key] = (_FAILED[of_pointer],) if results and failed else ()
        return self._known.get(key, ())


def answers_of(index: KernelIndex) -> Answers:
    """The answers of a tree, shared by all who ask."""
    return shared(index, Answers)
