"""A helper that keeps something, and the calls by which a method comes to it -> a Route whose constants allow that.

Functions are bound by the first chain that leads to them.  What its last call hands over, NULL for one, may exclude the ways that
keep the thing; then another caller shows how it happens, or nobody does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.code.states.known import ANY, Facts, value_of
from cocci_gen.code.states.zeroed import given_to
from cocci_gen.facts.calls.neighbours import neighbours_calling
from cocci_gen.facts.calls.steps import Step
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.kinds.takes.holdings.holding import Holding

#: Callers that are looked at; a helper with more serves too many to know.
_CALLERS = 12


@dataclass(frozen=True, slots=True)
class Route:
    """The calls that lead to a function, whether some call of it hands over what the way asks for, and what these calls tell of
    its parameters."""

    chain: tuple[Step, ...]
    asked: bool
    given: Facts = ()


#: Whether with what is known of its parameters a function keeps the thing.
Keeps = Callable[[Facts], bool]


def route_to(
    definition: Definition, holding: Holding, chain: tuple[Step, ...], keeps: Keeps, index: KernelIndex
) -> Route:
    """The chain itself where its last calls allow the ways; else the calls of another function of the folder that do."""
    if not chain:
        return Route(chain, asked=True)
    calls = list(_calls(definition, holding.graph, index))
    first = next((one for one in calls if one.is_step(chain[-1])), None)
    if first is None or len(calls) > _CALLERS:
        return Route(chain, asked=True)
    above = _handed_on(first, holding.graph, index) if len(chain) > 1 else []
    came = next((one for one in above if one.steps[0] == chain[-2]), first)
    if keeps(came.given):
        return Route(chain, asked=True, given=came.given)
    every = (two for one in calls for two in (_handed_on(one, holding.graph, index) or [one]))
    other = next((one for one in (*every, *calls) if keeps(one.given)), None)
    return Route((), asked=False) if other is None else Route(other.steps, asked=True, given=other.given)


@dataclass(frozen=True, slots=True)
class _Call:
    """A call of the function, whose arguments it has, ahead of it the call by which its caller is come to, where that counts; and
    what they tell of the parameters."""

    caller: Definition
    steps: tuple[Step, ...]
    arguments: tuple[str, ...]
    given: Facts

    def is_step(self, step: Step) -> bool:
        """Whether it is the last step of a chain that a step is."""
        return (self.steps[-1].file, self.caller.name) == (step.file, _caller(step))


def _calls(definition: Definition, graph: Graph, index: KernelIndex) -> Iterator[_Call]:
    """The direct calls of those who are near; the graph is the function's."""
    name = definition.name
    for one in neighbours_calling(definition, index):
        calling = index.graph(one)
        for call in calling.calls() if calling is not None else ():
            if call.direct and call.callee == name:
                step = Step(one.path, call.line, f"{one.name}() calls {name}()")
                yield _Call(one, (step,), call.arguments, given_to(graph, call.arguments, _fixed(calling)))


def _fixed(graph: Graph | None) -> dict[str, tuple[int, str]]:
    """The variables of a caller that keep the address or the constant that they are declared with, `run = &indx->run`."""
    every = graph.assignments() if graph is not None else ()
    handed = {
        text[1:] for call in (graph.calls() if graph is not None else ()) for text in call.arguments if text[:1] == "&"
    }
    times = Counter(one.left for one in every)
    found = (one for one in every if one.declares and times[one.left] == 1 and one.left not in handed)
    return {one.left: value for one in found if (value := value_of(one.right, {})) != (ANY, "")}


def _handed_on(call: _Call, graph: Graph, index: KernelIndex) -> list[_Call]:
    """The same call by way of each call of its caller, where that hands on what it is given; none where it does not, or where too
    many call it."""
    calling = index.graph(call.caller)
    if calling is None:
        return []
    kept = {one.name for one in calling.parameters} - {one.left for one in calling.assignments()}
    if kept.isdisjoint(call.arguments):
        return []
    above = list(islice(_calls(call.caller, calling, index), _CALLERS + 1))

    def through(one: _Call) -> _Call:
        known = {place: (signs, constant) for place, signs, constant in one.given if place in kept}
        return replace(call, steps=(*one.steps, *call.steps), given=given_to(graph, call.arguments, known))

    return list(map(through, above)) if len(above) <= _CALLERS else []


def _caller(step: Step) -> str:
    """Who calls, of a step of a chain."""
    return step.note.partition("(")[0]
