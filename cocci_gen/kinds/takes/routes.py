"""A helper that keeps something, and the calls by which a method comes to it -> a Route whose constants allow that.

Functions are bound by the first chain that leads to them.  What its last call hands over, NULL for one, may exclude the ways that
keep the thing; then another caller shows how it happens, or nobody does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from cocci_gen.code.paths import Facts, given_to
from cocci_gen.facts.index import Definition, KernelIndex
from cocci_gen.facts.neighbours import neighbours_calling
from cocci_gen.facts.steps import Step
from cocci_gen.kinds.takes.holding import Holding

#: Callers that are looked at; a helper with more serves too many to know.
_CALLERS = 12


@dataclass(frozen=True, slots=True)
class Route:
    """The calls that lead to a function, and whether some call of it hands over what the way asks for."""

    chain: tuple[Step, ...]
    asked: bool


#: Whether with what is known of its parameters a function keeps the thing.
Keeps = Callable[[Facts], bool]


def route_to(
    definition: Definition, holding: Holding, chain: tuple[Step, ...], keeps: Keeps, index: KernelIndex
) -> Route:
    """The chain itself where its last call allows the ways; else the call of another function of the folder that does."""
    if not chain:
        return Route(chain, asked=True)
    calls = list(_calls(definition, holding, index))
    first = next((one for one in calls if (one.step.file, one.caller) == (chain[-1].file, _caller(chain[-1]))), None)
    if first is None or len(calls) > _CALLERS or keeps(first.given):
        return Route(chain, asked=True)
    other = next((one for one in calls if keeps(one.given)), None)
    return Route((), asked=False) if other is None else Route((other.step,), asked=True)


@dataclass(frozen=True, slots=True)
class _Call:
    """A call of the function: who makes it, where, and what it tells of the parameters."""

    caller: str
    step: Step
    given: Facts


def _calls(definition: Definition, holding: Holding, index: KernelIndex) -> Iterator[_Call]:
    """The direct calls of those who are near."""
    name = definition.name
    for one in neighbours_calling(definition, index):
        graph = index.graph(one)
        for call in graph.calls() if graph is not None else ():
            if call.direct and call.callee == name:
                step = Step(one.path, call.line, f"{one.name}() calls {name}()")
                yield _Call(one.name, step, given_to(holding.graph, call.arguments))


def _caller(step: Step) -> str:
    """Who calls, of a step of a chain."""
    return step.note.partition("(")[0]
