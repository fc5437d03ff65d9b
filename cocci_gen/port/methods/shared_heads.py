"""Functions that implement several methods of which not all changed -> a person has to part them.

`.d_revalidate = f` and `.d_weak_revalidate = f` were of one type, and are not any more: a head for the one is wrong
for the other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from cocci_gen.port.changes.evolutions import Evolution
from cocci_gen.port.methods.head_plans import HeadPlan
from cocci_gen.port.methods.heads import NoHeadRule
from cocci_gen.port.texts.instances import Code, Instance
from cocci_gen.port.texts.parameters import meant

#: Structure and method.
Key = tuple[str, str]


def only_of(
    plans: Iterable[HeadPlan], instances: Mapping[Key, Sequence[Instance]], code: Code
) -> tuple[dict[Key, list[Instance]], list[tuple[Evolution, NoHeadRule]]]:
    """How heads follow, the instances by method, and the code -> the instances that can follow, and those that cannot as a table
    names them for something of which the type is another by now."""
    by_key = {(one.evolution.old.struct, one.evolution.old.name): one for one in plans}
    entries: dict[str, set[Key]] = defaultdict(set)
    for facts in code.facts.values():
        for entry in facts.entries:
            if entry.tag:
                entries[entry.function].add((entry.tag, entry.method))
    kept: dict[Key, list[Instance]] = {}
    refused: list[tuple[Evolution, NoHeadRule]] = []
    for key, ones in instances.items():
        plan = by_key.get(key)
        for one in ones:
            others = _others(plan, entries[one.function.name] - {key}, by_key) if plan is not None else []
            if plan is None or not others:
                kept.setdefault(key, []).append(one)
            else:
                reason = f"it is {' and '.join(others)} as well, of another type by now"
                refused.append((plan.evolution, NoHeadRule(one.function, reason)))
    return kept, list(dict.fromkeys(refused))


def _others(plan: HeadPlan, keys: Iterable[Key], plans: Mapping[Key, HeadPlan]) -> list[str]:
    """Those of some entries that do not follow in the same way, in words."""
    if not plan.evolution.steps_differ:
        return []
    wanted = _types(plan)
    stay = [key for key in sorted(keys) if key not in plans or _types(plans[key]) != wanted]
    return [f"->{name} of struct {tag}" for tag, name in stay]


def _types(plan: HeadPlan) -> list[str]:
    prototype = plan.evolution.new.prototype
    return [meant(f"{prototype.returns} "), *(meant(one) for one in prototype.parameters)]
