"""The family of kinds "a return is reached without ..." (`unlocks`, `writeback`).

A duty becomes a semantic patch that stars the returns which no stopping call precedes; each starred return is then explained:
the shortest feasible path, what was trusted on it, how sure the finding is, and which semantic patch would mend it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from cocci_gen.coccinelle.smpl import SemanticPatch, render
from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.code.searches.explorations import Wronged
from cocci_gen.document.obligations import Obligation
from cocci_gen.document.successors import PER_FOLIO
from cocci_gen.facts.calls.looks import looks
from cocci_gen.facts.calls.page_calls import call_vocabulary
from cocci_gen.facts.calls.page_places import aliases
from cocci_gen.facts.calls.reach import call_reach
from cocci_gen.facts.pages.backing_devices import backing_devices
from cocci_gen.facts.pages.unmapped import untagged
from cocci_gen.facts.tree.definitions import Definition, folder_of
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.kinds.duties import TreeFacts, Unexamined, unexamined
from cocci_gen.kinds.exits.around import waiting
from cocci_gen.kinds.exits.delegates import delegates
from cocci_gen.kinds.exits.events import events_of
from cocci_gen.kinds.exits.givers import kept_by_givers
from cocci_gen.kinds.exits.impossible import impossible_failures
from cocci_gen.kinds.exits.loops import handed_folios, handouts
from cocci_gen.kinds.exits.machines import PROMISED
from cocci_gen.kinds.exits.owing import Owing
from cocci_gen.kinds.exits.patches import context
from cocci_gen.kinds.exits.steps import wrong_step
from cocci_gen.kinds.exits.study import Study
from cocci_gen.kinds.exits.suspects import suspect_at
from cocci_gen.kinds.exits.unread import refused_reads
from cocci_gen.kinds.page_duty import PageDuty, bound_duties, stranger_to, taken, unlocking_caller
from cocci_gen.kinds.suspects import Place, StarringRule, Suspect


@dataclass(frozen=True, slots=True)
class ExitRule(Owing, StarringRule[PageDuty, int | Wronged]):
    """One kind of the family."""

    def duties(self, obligation: Obligation, facts: TreeFacts) -> tuple[tuple[PageDuty, ...], tuple[Unexamined, ...]]:
        """The functions that owe it, delegates included."""
        found, missing = self._found(obligation, facts)
        seen = (self._seen(duty, facts) for duty in found)
        every = tuple(self._also_called(duty, facts.index) for duty in seen if duty.starts or not self.opens)
        bound = kept_by_givers(self.machine, self.exempt, every)
        unseen = (
            replace(unexamined(obligation, duty.definition, why), line=line)
            for duty in bound
            for line, why in Study(duty, self.machine, self.exempt).undecided()
        )
        return bound, (*missing, *unseen)

    def _found(self, obligation: Obligation, facts: TreeFacts) -> tuple[tuple[PageDuty, ...], tuple[Unexamined, ...]]:
        if obligation.mode != PER_FOLIO:
            return bound_duties(
                obligation, facts.index, facts.effects, lambda duty, touch: delegates(self, duty, touch)
            )
        if self.kind != "unlocks":
            return (), ()
        found, missing = handed_folios(obligation, facts)
        takers = dict.fromkeys(handouts().iterators, "struct folio *")
        return tuple(replace(duty, takers=takers) if duty.starts else duty for duty in found), missing

    def _seen(self, duty: PageDuty, facts: TreeFacts) -> PageDuty:
        """The duty with what its nodes do as steps of the machine."""
        opened = self._opened(duty) if self.opens else duty
        known = replace(opened, events=events_of(self, opened, facts))
        return _circumstances(known, facts.index) if self.kind == "writeback" and not self.opens else known

    def _also_called(self, duty: PageDuty, index: KernelIndex) -> PageDuty:
        """The duty with who else calls the function, where that decides on a fix."""
        study = Study(duty, self.machine, self.exempt)
        if self.kind != "unlocks" or not any(map(study.breaks, study.explored().arrivals)):
            return duty
        stranger = stranger_to(duty, index) if duty.chain else unlocking_caller(duty, index)
        return replace(duty, stranger=stranger) if stranger else duty  # a new one would be searched again

    def _opened(self, duty: PageDuty) -> PageDuty:
        """The duty beginning at the calls that open it; those that also discharge it open nothing."""
        starts = tuple(
            touch.node
            for touch in duty.touches
            if self.opens in touch.marks and touch.callee in call_vocabulary().marks
        )
        return replace(duty, starts=starts)

    def semantic_patch(self, duty: PageDuty) -> SemanticPatch:
        """SmPL that stars every return of the function that no stopping call precedes."""
        return render(self.kind, duty.obligation.id, context(self, duty, "report"))

    def places(self, duty: PageDuty) -> Iterator[Place[int | Wronged]]:
        """Every return, and every step that is wrong itself."""
        study = Study(duty, self.machine, self.exempt)
        promised = {one.event.node for one in study.wrongs() if one.says == PROMISED}
        for number, node in enumerate(duty.graph.nodes):
            if node.kind == "return" and (number not in promised or study.arrival(number) is not None):
                yield Place(number, (node.line,), number)
        for one in study.wrongs():
            yield Place(one.event.node, (one.event.line,), one, one.words)

    def known(self, duty: PageDuty, places: list[Place[int | Wronged]]) -> list[Place[int | Wronged]]:
        """The wrong steps, and the returns to which a way leads that leaves the duty undone."""
        study = Study(duty, self.machine, self.exempt)
        return [
            place
            for place in places
            if isinstance(place.what, Wronged)
            or (not self.excuses(duty.graph.nodes[place.node]) and study.arrival(place.node) is not None)
        ]

    def suspect(self, duty: PageDuty, place: Place[int | Wronged], text: str) -> Suspect:
        """What is wrong at one of them."""
        study = Study(duty, self.machine, self.exempt)
        if isinstance(place.what, Wronged):
            return wrong_step(study, place.what, text)
        return suspect_at(self, study, place.what, text)

    def again(self, duty: PageDuty, definition: Definition, graph: Graph, facts: TreeFacts) -> PageDuty:
        """The duty as it stands in an edited file, whose function is `graph`."""
        names = aliases(graph, duty.resource_name)
        touches = facts.effects.touches(graph, definition.path, names)
        edited = replace(
            duty, definition=definition, graph=graph, aliases=names, touches=touches, starts=taken(graph, duty.takers)
        )
        return self._seen(edited, facts)


def _circumstances(duty: PageDuty, index: KernelIndex) -> PageDuty:
    """The duty to see to the writeback of a page, with what the tree says of the function and of its file system."""
    graph, file = duty.graph, duty.definition.path
    return replace(
        duty,
        waits=waiting(graph, file, duty.aliases, call_reach(index)),
        looks=looks(index).among(graph, file),
        surely=impossible_failures(graph, file, index),
        unread=refused_reads(duty.definition, duty.registrations, index),
        unflushed=backing_devices(index).none(folder_of(file)),
        untagged=bool(duty.registrations)
        and all(untagged(index, one.variable, one.file, duty.definition) for one in duty.registrations),
    )
