"""BorrowedHolding, what a method is given by its caller, who goes on to have it: a method that gives it back, having taken
nothing, gives back what is another's.

    static int bed_open(struct inode *inode, struct file *file)
    {
            if (dug_up(inode)) {
                    fput(file);             the caller does that where an open fails
                    return -EIO;

Which methods are to give back what they are given is told by those who implement them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace

from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.code.searches.explorations import Arrival, Exploration, Wronged
from cocci_gen.code.searches.machines import Event, Outcome
from cocci_gen.code.searches.search import Question
from cocci_gen.code.states.known import Facts
from cocci_gen.document.obligations import Obligation
from cocci_gen.facts.pages.pages import Effects
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.shared import shared
from cocci_gen.kinds.takes.holdings.followed import holding_under
from cocci_gen.kinds.takes.holdings.holding import TWICE, Holding, Sure
from cocci_gen.kinds.takes.holdings.takers import takers_of
from cocci_gen.kinds.takes.words.texts import called_names
from cocci_gen.kinds.takes.words.things import Thing, things

#: So many functions tell what a method owes, of whom no other one may give back what it is given.
_MANY = 5
#: Says of a call that it takes one more of what it is given.
_COUNTS = re.compile(r"(?:^|_|>|\.)(?:get|hold|grab|ref|inc|dup|take|clone|acquire|pin|igrab|ihold|[dfm]get)(?:_|$)")
#: Counts by hand.
_BY_HAND = re.compile(rb"\b(?:atomic|atomic_long|refcount|lockref|percpu_ref)_(?:inc|get|add)\w*+\s*+\(")


@dataclass(frozen=True, slots=True)
class BorrowedHolding(Holding):
    """What the caller of a method has, by the name of a parameter."""

    def question(self) -> Question:
        """What is searched: every way through the function, which is come to with nothing of its own."""
        return replace(super(BorrowedHolding, self).question(), state="back")

    def settled(self) -> bool:
        """Whether nothing can be wrong: only a search can tell."""
        return False

    def breaches(self, seen: Exploration) -> tuple[Arrival, ...]:  # noqa: ARG002 - it is the caller's
        """Nothing: the function owes nobody anything."""
        return ()

    def forgotten(self, seen: Exploration) -> tuple[Arrival, ...]:  # noqa: ARG002 - the same
        """Nothing: the same."""
        return ()

    def overwritten(self, seen: Exploration) -> tuple[Wronged, ...]:  # noqa: ARG002 - the same
        """Nothing: the same."""
        return ()

    def used(self, seen: Exploration) -> tuple[Wronged, ...]:  # noqa: ARG002 - it is there behind the release, too
        """Nothing: the caller has it."""
        return ()

    def twice(self, seen: Exploration) -> tuple[Wronged, ...]:
        """The calls of the function itself that give it back, where nothing before may have taken one."""
        return tuple(one for one in seen.wrongs if one.says == TWICE and not seen.merged and self._is_plain(seen, one))

    def _is_plain(self, seen: Exploration, wrong: Wronged) -> bool:
        call = wrong.event.call
        here = call is not None and call.callee in self.thing.releases and call.arguments[:1] == (self.name,)
        return here and all(stop.state == "back" for stop in seen.stops(wrong.stop))


@dataclass(slots=True)
class _Customs:
    """Which parameters of the methods of a tree those who implement them give back; every answer is remembered."""

    index: KernelIndex
    _known: dict[tuple[str, str, int, str], bool] = field(default_factory=dict)

    def keeps(self, asker: Definition, obligation: Obligation, number: int, thing: Thing) -> bool:
        """Whether of those who implement a method at most one gives back what stands at a place of its parameters: two may have
        something in common of which nothing is known, as names that live in memory alone."""
        key = obligation.struct, obligation.method, number, thing.name
        found, _ = self.index.everywhere.implementations(obligation.struct, obligation.method)
        for name in (obligation.method, *sorted(thing.releases)):
            self.index.reads_who_names(asker, name)
        if key not in self._known:
            every = [_gives(self.index.text_of(one.definition), number, thing) for one in found]
            self._known[key] = len(every) >= _MANY and sum(every) <= 1
        return self._known[key]


def borrowed_holdings(
    obligation: Obligation, definition: Definition, graph: Graph, index: KernelIndex, effects: Effects
) -> Iterator[BorrowedHolding]:
    """One for each parameter of a method that it gives back, as others who implement the method do not, and takes nothing of the
    sort: who puts another one into its place gives back the first."""
    keeps = shared(index, _Customs).keeps
    for thing in may_give_back_given(index.text_of(definition)):
        for number, parameter in enumerate(graph.parameters):
            ends = [c for c in graph.calls() if c.callee in thing.releases and c.arguments[:1] == (parameter.name,)]
            if ends and _is_of(parameter.type, thing) and keeps(definition, obligation, number, thing):
                source = takers_of(thing, index, effects).source(definition.path)
                plain = holding_under(graph, source, parameter.name, ())
                known = {one.name: getattr(plain, one.name) for one in fields(plain)}
                known["events"] = {n: tuple(map(_left_alone, every)) for n, every in plain.events.items()}
                # It is come to with one of another's, as if the entry had taken and given back its own.
                yield BorrowedHolding(**{**known, "takers": ((0, ends[0]),), "sure": Sure.CERTAIN})


def may_give_back_given(text: bytes) -> Iterator[Thing]:
    """The things that the text of a function gives back, and takes nowhere."""
    names = called_names(text)
    if _BY_HAND.search(text):
        return
    for thing in things().values():
        takes = thing.taking | thing.same | thing.returning | thing.flagged
        if thing.kept == "referenced" and not names.isdisjoint(thing.releases) and names.isdisjoint(takes):
            yield thing


def _left_alone(event: Event) -> Event:
    """The step of a call that takes nothing for the function by what its name says: of what cannot be seen through, few do."""
    if event.call is None or _COUNTS.search(event.call.callee):
        return event

    def outcome(state: str, facts: Facts) -> Outcome:
        found = event.outcome(state, facts)
        still = (replace(one, state="back") if one.state == "unseen" else one for one in found.exits)
        return replace(found, exits=tuple(still)) if state == "back" else found

    return replace(event, outcome=outcome)


def _is_of(declared: str, thing: Thing) -> bool:
    """Whether a parameter points to such a thing."""
    found = re.fullmatch(r"(?:const )?struct (\w+) \*", declared)
    return found is not None and found[1] in thing.types


def _gives(text: bytes, number: int, thing: Thing) -> bool:
    """Whether the text of a function gives back what stands at a place of its parameters, by a call of its own."""
    every = text.partition(b"{")[0].partition(b"(")[2].rpartition(b")")[0].split(b",")
    name = re.search(rb"(\w+)\s*$", every[number]) if number < len(every) else None
    ends = "|".join(map(re.escape, sorted(thing.releases)))
    return name is not None and re.search(rb"\b(?:%s)\s*\(\s*%s\s*[,)]" % (ends.encode(), name[1]), text) is not None
