"""Methods that went, and tables of both trees -> LostMethod, a method that a table needs no more as another one stood beside it
already.

`.writepage = f` went from each table that had `.writepages` too, with nothing in its place, and the tables that had none got one:
so that is what does the work, as its name says too.  Where many tables beside it got a third method (`.migrate_folio`), only
those show something that had that one before.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from cocci_gen.port.changes.evolutions import Evolution, MethodGone, MethodRenamed
from cocci_gen.port.lessons.examples import group_of
from cocci_gen.port.lessons.initialisers import Table
from cocci_gen.port.lessons.rules import Learned, Said
from cocci_gen.port.lessons.support import FEWEST_FUNCTIONS, FEWEST_GROUPS, SHARE, enough, learned
from cocci_gen.port.members.accessors import Declarations
from cocci_gen.port.tables.lost_entries import came


@dataclass(frozen=True, slots=True)
class LostMethod:
    """A method that went from all tables that name the methods `beside` (old names), the first of which does its work."""

    gone: MethodGone
    beside: tuple[str, ...]
    ground: Learned | Said


def lost_methods(
    evolutions: Iterable[Evolution], tables: Iterable[Table], declared: Declarations, excluded: Collection[str] = ()
) -> tuple[LostMethod, ...]:
    """What changed, the tables of both trees without the groups that are left out, and what headers of the new kernel declare ->
    the methods of which enough tables show which one does their work."""
    listed = list(evolutions)
    now = {(one.old.struct, one.old.name): one.new.name for one in listed if isinstance(one, MethodRenamed)}
    gone = {(one.old.struct, one.old.name): one for one in listed if isinstance(one, MethodGone)}
    lost: dict[tuple[str, str], list[Table]] = defaultdict(list)
    for table in tables:
        for member in table.old if group_of(table.path) not in excluded else ():
            if (table.struct, member) in gone:
                lost[table.struct, member].append(table)
    found = (_found(gone[key], ones, now, declared) for key, ones in sorted(lost.items()))
    return tuple(one for one in found if one is not None)


def _found(
    gone: MethodGone, tables: Sequence[Table], now: Mapping[tuple[str, str], str], declared: Declarations
) -> LostMethod | None:
    struct, values = gone.old.struct, declared(gone.old.path).members
    fresh = {
        table.place: {name for name in came(table, gone.old.name, now) if (struct, name) not in values}
        for table in tables
    }
    successor = _successor(gone, tables, fresh)
    had = {new: old for (owner, old), new in now.items() if owner == struct}
    beside = [one for one in tables if had.get(successor, successor) in one.old]
    if not successor or not beside:
        return None
    wanted = [successor]
    if sum(not fresh[one.place] for one in beside) < SHARE * len(beside):
        counts = Counter(name for one in beside for name in fresh[one.place])
        wanted += sorted(name for name, count in counts.items() if count > (1 - SHARE) * len(beside))
    before = tuple(had.get(name, name) for name in wanted)
    same = [one for one in beside if all(name in one.old for name in before)]
    shown = [one for one in same if not fresh[one.place] and successor in one.new]
    groups = {group_of(one.path) for one in shown}
    if not enough(len(shown), len(same), groups):
        return None
    places, others = ([one.place for one in some] for some in (shown, [one for one in same if one not in shown]))
    return LostMethod(gone, before, learned(places, others, groups))


def _successor(gone: MethodGone, tables: Sequence[Table], fresh: Mapping[str, Collection[str]]) -> str:
    """The method that enough of the tables got and nearly all have by now, if its name says that it is about the same thing
    (others come at such a time as well); "" for none."""
    got: dict[str, list[Table]] = defaultdict(list)
    for table in tables:
        for name in fresh[table.place]:
            got[name].append(table)
    known = {
        name: sum(name in table.new for table in tables)
        for name, ones in got.items()
        if _kin(gone.old.name, name)
        and len(ones) >= FEWEST_FUNCTIONS
        and len({group_of(table.path) for table in ones}) >= FEWEST_GROUPS
    }
    name = max(known, key=lambda name: (known[name], len(got[name]), name), default="")
    return name if name and known[name] >= SHARE * len(tables) else ""


def _kin(one: str, other: str) -> bool:
    """Whether two members share a word of their names, one or many (`writepage`, `writepages`)."""
    words = [{word.removesuffix("s") for word in name.split("_")} for name in (one, other)]
    return bool(words[0] & words[1])
