"""A method that changed or went, and the tables of both trees -> the method that its implementations went to."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from cocci_gen.document.declarations import Prototype
from cocci_gen.port.changes.declared import Method
from cocci_gen.port.changes.evolutions import MethodChanged, MethodGone, MethodRenamed
from cocci_gen.port.lessons.examples import group_of
from cocci_gen.port.texts.instances import Code, Instance, Written, head_of
from cocci_gen.port.texts.parameters import steps_between

_FEWEST, _SHARE = 3, 0.8


@dataclass(frozen=True, slots=True)
class Home:
    """A table of the new tree names a function for a method."""

    method: str
    function: Written


def homes_of(new: Code) -> dict[str, dict[tuple[str, str], list[Home]]]:
    """The code of the new tree -> by structure, the methods for which tables name a function (by path and name)."""
    found: dict[str, dict[tuple[str, str], list[Home]]] = defaultdict(lambda: defaultdict(list))
    for path, facts in new.facts.items():
        for entry in facts.entries:
            function = new.resolve(entry.function, path) if entry.tag else None
            if function is not None:
                found[entry.tag][function.path, function.name].append(Home(entry.method, function))
    return {tag: dict(ones) for tag, ones in found.items()}


def where_implementations_went(
    evolution: MethodChanged | MethodGone,
    before: Iterable[Instance],
    homes: Mapping[str, Mapping[tuple[str, str], Sequence[Home]]],
    excluded: Collection[str] = (),
) -> MethodChanged | MethodGone | MethodRenamed:
    """The evolution, or a renaming where the functions that the old tables name for the method (`before`) stand, with the same
    head, under another method of the same structure in the new tables."""
    struct = evolution.old.struct
    places = {
        (one.function.path, one.function.name)
        for one in before
        if group_of(one.function.path) not in excluded
    }  # fmt: skip
    there = homes.get(struct, {})
    found = [home for place in sorted(places) for home in there.get(place, ())]
    if not found:
        return evolution
    votes = Counter(home.method for home in found)
    method, count = votes.most_common(1)[0]
    if method == evolution.old.name or count < _FEWEST or count < _SHARE * votes.total():
        return evolution
    prototype = evolution.old.prototype
    for home in found:
        head = head_of(home.function) if home.method == method else None
        if head is not None:
            steps = steps_between(prototype.parameters, head.parameters)
            new = Method(struct, _as(prototype, method, head.returns, head.parameters), evolution.old.path)
            return MethodRenamed(evolution.old, new, steps)
    return evolution


def _as(prototype: Prototype, method: str, returns: str, parameters: tuple[str, ...]) -> Prototype:
    return replace(prototype, method=method, returns=returns, parameters=parameters)
