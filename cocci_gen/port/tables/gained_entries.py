"""Tables of both trees -> GainedEntry, a method that was there all along and that tables of many bodies of code name by now with
one function of the kernel: without the entry something else happens than before, and no compiler says so.

For want of `->setlease` the kernel did what generic_setlease() does, and refuses since; 40 of 73 tables with `.fsync` got it.
Whether another table wants it, its author knows.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from cocci_gen.port.lessons.examples import group_of
from cocci_gen.port.lessons.initialisers import Table
from cocci_gen.port.lessons.support import FEWEST_PARTS, SHARE
from cocci_gen.port.remains.leftovers import Leftover
from cocci_gen.port.remains.nearest import NEAREST
from cocci_gen.port.texts.instances import Code

#: So many of the tables with the entry beside which it stands have it.
_LEAST = 0.5


@dataclass(frozen=True, slots=True)
class GainedEntry:
    """A member that `shown` of `of` tables of a structure which have another one (`beside`) and had none of it have by now, with
    this value; some of them by name."""

    struct: str
    member: str
    value: str
    beside: str
    shown: int
    of: int
    examples: tuple[str, ...]


def gained_entries(tables: Iterable[Table], excluded: Collection[str] = ()) -> tuple[GainedEntry, ...]:
    """The tables of both trees -> what many of them got that lost nothing, without the groups that are left out."""
    by_struct: dict[str, list[Table]] = defaultdict(list)
    for table in tables:
        if group_of(table.path) not in excluded:
            by_struct[table.struct].append(table)
    found: list[GainedEntry] = []
    for struct, ones in sorted(by_struct.items()):
        got: dict[str, list[Table]] = defaultdict(list)
        for table in ones:
            for member in table.new.keys() - table.old.keys() if table.old.keys() <= table.new.keys() else ():
                got[member].append(table)
        known = {member for table in ones for member in table.old}
        every = (_gained(struct, member, got[member], ones) for member in sorted(got.keys() & known))
        found += [one for one in every if one is not None]
    return tuple(found)


def _gained(struct: str, member: str, got: Sequence[Table], tables: Iterable[Table]) -> GainedEntry | None:
    """A member that some tables got -> what they show, if they are many and agree."""
    ((value, count),) = Counter(table.new[member] for table in got).most_common(1)
    if count < SHARE * len(got) or len({group_of(table.path) for table in got}) < FEWEST_PARTS:
        return None
    beside: dict[str, list[Table]] = defaultdict(list)
    for table in tables:
        for other in table.old if member not in table.old else ():
            beside[other].append(table)
    had = {other: [table for table in ones if table.new.get(member) == value] for other, ones in beside.items()}
    likely = [other for other, ones in had.items() if len(ones) >= max(FEWEST_PARTS, _LEAST * len(beside[other]))]
    other = max(likely, key=lambda one: (len(had[one]), one), default="")
    if not other:
        return None
    places = tuple(table.place for table in had[other][:NEAREST])
    return GainedEntry(struct, member, value, other, len(had[other]), len(beside[other]), places)


def without_gained(gained: Iterable[GainedEntry], code: Code) -> Iterator[Leftover]:
    """The tables of some code that have not got what most tables like them got, for a person."""
    for one in gained:
        reason = (
            f"{one.shown} of {one.of} tables with .{one.beside} and without this method got .{one.member} = {one.value}: "
            "look what happens without one by now"
        )
        for path, facts in code.facts.items():
            tables: dict[str, dict[str, int]] = defaultdict(dict)
            for entry in facts.entries:
                if entry.tag == one.struct:
                    tables[entry.variable][entry.method] = entry.line
            for variable, lines in tables.items():
                if one.beside in lines and one.member not in lines:
                    yield Leftover(path, min(lines.values()), f"->{one.member}", reason, one.examples, variable)
