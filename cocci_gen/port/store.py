"""Evolutions <-> JSON, for the cache: data, never code."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

from cocci_gen.coccinelle.cache import JobCache, content_key
from cocci_gen.document.declarations import Prototype
from cocci_gen.document.diff import RuleChange
from cocci_gen.port.changes import declared, evolutions
from cocci_gen.port.changes.evolutions import Evolution
from cocci_gen.port.texts import parameters
from cocci_gen.port.texts.trees import Sources
from cocci_gen.resources import package_code

_CLASSES: dict[str, type[Any]] = {
    one.__name__: one
    for one in (
        *(
            declared.Function,
            declared.Macro,
            declared.Member,
            declared.Method,
            declared.Constant,
            Prototype,
            RuleChange,
        ),
        *(parameters.Kept, parameters.Retyped, parameters.Added, parameters.Removed),
        *(parameters.MovedAway, parameters.MovedHere),
        *(evolutions.MethodChanged, evolutions.MethodRenamed, evolutions.MethodGone, evolutions.FunctionChanged),
        *(
            evolutions.FunctionGone,
            evolutions.MacroGone,
            evolutions.MacroChanged,
            evolutions.MemberGone,
            evolutions.MemberRetyped,
            evolutions.StructRenamed,
            evolutions.StructGone,
        ),
        *(evolutions.ConstantGone, evolutions.HeaderGone, evolutions.ProtocolChanged),
        evolutions.DeclarationsMoved,
    )
}

#: The rooms that decide what the evolutions are, and what keeps them.
_COMPARING = ("port/changes/", "port/texts/", "port/store.py")


@cache
def _classes() -> dict[str, type[Any]]:
    """The classes of what is kept; those of knowledge, which keeps with this module, are known only when it is there."""
    from cocci_gen.port import knowledge
    from cocci_gen.port.calls import handed_back, walked_calls
    from cocci_gen.port.lessons import rules, types
    from cocci_gen.port.members import addresses
    from cocci_gen.port.methods import (
        body_uses,
        context_helpers,
        contexts,
        followed_names,
        head_plans,
        lost_methods,
        moved_methods,
        moved_work,
        returned,
        stand_ins,
    )
    from cocci_gen.port.tables import ended_arrays, gained_entries, nested_tables

    later = (
        head_plans.HeadPlan,
        body_uses.Renames,
        body_uses.Recomputes,
        body_uses.Leaves,
        body_uses.Fixed,
        knowledge.Knowledge,
        rules.PortRule,
    )
    more = (
        knowledge.Knowledge,
        rules.PortRule,
        rules.Learned,
        rules.Declarations,
        rules.ByPerson,
        rules.Said,
        types.TypeIndex,
        types.Reach,
        types.Alias,
    )
    values = (returned.AsBefore, returned.Wrapped, returned.Unknown)
    ways = (contexts.ContextWay, context_helpers.Helper, moved_methods.MovedMethod)
    alone = (addresses.Held, walked_calls.Walk, lost_methods.LostMethod, moved_work.MovedWork, moved_work.Work)
    arrays = (ended_arrays.EndedArrays, nested_tables.NestedTables, handed_back.HandedBack, stand_ins.StandIn)
    tables = (gained_entries.GainedEntry, followed_names.NamesFollow)
    return _CLASSES | {one.__name__: one for one in (*later, *more, *values, *ways, *alone, *arrays, *tables)}


def own_code(rooms: tuple[str, ...] = ("port/",)) -> list[str | bytes]:
    """The text of all code that decides what is kept."""
    own = (*rooms, "code/", "document/", "facts/tree/headers")
    return [part for name, text in package_code() if name.startswith(own) for part in (name, text)]


def dumped(value: object) -> object:
    """A frozen dataclass of the list above, tuples of them, words and numbers -> what JSON can hold."""
    if dataclasses.is_dataclass(value):
        fields = [dumped(getattr(value, one.name)) for one in dataclasses.fields(value)]
        return {"class": type(value).__name__, "fields": fields}
    if isinstance(value, tuple | list):
        return [dumped(one) for one in value]
    if isinstance(value, frozenset):
        return {"set": sorted(value)}
    if isinstance(value, Mapping):
        return {"map": [[key, dumped(one)] for key, one in value.items()]}
    return value


def loaded(value: Any) -> Any:
    """What `dumped` made -> the value."""
    if isinstance(value, dict):
        if "set" in value:
            return frozenset(value["set"])
        if "map" in value:
            return {key: loaded(one) for key, one in value["map"]}
        return _classes()[value["class"]](*(loaded(one) for one in value["fields"]))
    return tuple(loaded(one) for one in value) if isinstance(value, list) else value


def kept_evolutions(
    store: JobCache, old: Sources, new: Sources, make: Callable[[], Sequence[Evolution]]
) -> tuple[Evolution, ...]:
    """The evolutions between two kernels from the cache, else made and kept; another cocci-gen makes them anew."""
    key = content_key(["evolutions", old.identity, new.identity, *own_code(_COMPARING)])
    row = store.get(key)
    if row is not None:
        try:
            return tuple(loaded(json.loads(row)))
        except (ValueError, KeyError, TypeError):
            pass  # a row of another layout: made anew
    made = tuple(make())
    store.put(key, json.dumps(dumped(made)).encode())
    return made
