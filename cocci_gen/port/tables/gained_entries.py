"""Tables of both trees -> GainedEntry, a method that was there all along and that tables of many bodies of code name by now with
one function of the kernel: without the entry something else happens than before, and no compiler says so.

For want of `->setlease` the kernel did what generic_setlease() does, and refuses since; 40 of 73 tables with `.fsync` got it.
For want of ->set_page_dirty it took __set_page_dirty_buffers(), and calls ->dirty_folio of every table by now.
Whether another table wants it, its author knows.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from cocci_gen.port.changes.evolutions import Evolution, MethodGone, MethodRenamed
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


class Steps:
    """What became of methods, as tables name them."""

    def __init__(self, evolutions: Iterable[Evolution]) -> None:
        listed = list(evolutions)
        self._now = {(one.old.struct, one.old.name): one.new.name for one in listed if isinstance(one, MethodRenamed)}
        self._gone = {(one.old.struct, one.old.name) for one in listed if isinstance(one, MethodGone)}

    def now(self, struct: str, members: Iterable[str]) -> frozenset[str]:
        """The members of a table under the names that they have by now."""
        return frozenset(self._now.get((struct, one), one) for one in members)

    def lost(self, struct: str, members: Iterable[str]) -> bool:
        """Whether a table named a method that went: what stands in its place is no gain."""
        return any((struct, one) in self._gone for one in members)


def gained_entries(tables: Iterable[Table], steps: Steps, excluded: Collection[str] = ()) -> tuple[GainedEntry, ...]:
    """The tables of both trees, and what became of methods -> what many of them got that lost nothing, without the groups that
    are left out.  What came in the place of a method that went was there all along, under another name."""
    by_struct: dict[str, list[Table]] = defaultdict(list)
    for table in tables:
        if group_of(table.path) not in excluded:
            by_struct[table.struct].append(table)
    found: list[GainedEntry] = []
    for struct, ones in sorted(by_struct.items()):
        known: set[str] = set()
        steady: list[tuple[Table, frozenset[str]]] = []
        for table in ones:
            was = steps.now(struct, table.old)
            known |= was
            if steps.lost(struct, table.old):
                known |= table.new.keys()
            else:
                steady.append((table, was))
        got: dict[str, list[Table]] = defaultdict(list)
        for table, was in steady:
            for member in table.new.keys() - was if was <= table.new.keys() else ():
                got[member].append(table)
        every = (_gained(struct, member, got[member], steady) for member in sorted(got.keys() & known))
        found += [one for one in every if one is not None]
    return tuple(found)


def _gained(
    struct: str, member: str, got: Sequence[Table], tables: Iterable[tuple[Table, frozenset[str]]]
) -> GainedEntry | None:
    """A member that some tables got, and all tables with what they had -> what they show, if they are many and agree."""
    ((value, count),) = Counter(table.new[member] for table in got).most_common(1)
    if count < SHARE * len(got) or len({group_of(table.path) for table in got}) < FEWEST_PARTS:
        return None
    beside: dict[str, list[Table]] = defaultdict(list)
    for table, was in tables:
        for other in was if member not in was else ():
            beside[other].append(table)
    had = {other: [table for table in ones if table.new.get(member) == value] for other, ones in beside.items()}
    likely = [other for other, ones in had.items() if len(ones) >= max(FEWEST_PARTS, _LEAST * len(beside[other]))]
    other = max(likely, key=lambda one: (len(had[one]), one), default="")
    if not other:
        return None
    places = tuple(table.place for table in had[other][:NEAREST])
    return GainedEntry(struct, member, value, other, len(had[other]), len(beside[other]), places)


def without_gained(gained: Iterable[GainedEntry], code: Code, steps: Steps) -> Iterator[Leftover]:
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
                there = steps.now(one.struct, lines)
                if one.beside in there and one.member not in there and not steps.lost(one.struct, lines):
                    yield Leftover(path, min(lines.values()), f"->{one.member}", reason, one.examples, variable)
