"""A method that changed or went, and the tables of both trees -> the method that its implementations went to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import replace

from cocci_gen.document.declarations import Prototype
from cocci_gen.port.declared import Method
from cocci_gen.port.evolutions import MethodChanged, MethodGone, MethodRenamed
from cocci_gen.port.examples import Examples, group_of
from cocci_gen.port.instances import head_of
from cocci_gen.port.parameters import steps_between

_FEWEST, _SHARE = 3, 0.8


def where_implementations_went(
    evolution: MethodChanged | MethodGone, examples: Examples, excluded: Collection[str] = ()
) -> MethodChanged | MethodGone | MethodRenamed:
    """The evolution, or a renaming where the functions that the old tables name for the method stand, with the same head, under
    another method of the same structure in the new tables."""
    struct = evolution.old.struct
    before = {
        (one.function.path, one.function.name)
        for one in examples.old.instances({(struct, evolution.old.name)})
        if group_of(one.function.path) not in excluded
    }
    votes: Counter[str] = Counter()
    for path, facts in examples.new.facts.items():
        for entry in facts.entries:
            function = examples.new.resolve(entry.function, path)
            if entry.tag == struct and function is not None and (function.path, function.name) in before:
                votes[entry.method] += 1
    if not votes:
        return evolution
    method, count = votes.most_common(1)[0]
    if method == evolution.old.name or count < _FEWEST or count < _SHARE * votes.total():
        return evolution
    prototype = evolution.old.prototype
    for path, facts in examples.new.facts.items():
        for entry in facts.entries:
            function = examples.new.resolve(entry.function, path) if entry.method == method else None
            if function is None or entry.tag != struct or (function.path, function.name) not in before:
                continue
            head = head_of(function)
            if head is not None:
                steps = steps_between(prototype.parameters, head.parameters)
                new = Method(struct, _as(prototype, method, head.returns, head.parameters), evolution.old.path)
                return MethodRenamed(evolution.old, new, steps)
    return evolution


def _as(prototype: Prototype, method: str, returns: str, parameters: tuple[str, ...]) -> Prototype:
    return replace(prototype, method=method, returns=returns, parameters=parameters)
