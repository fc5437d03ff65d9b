"""The functions that call methods -> CallerField, broken so that they keep the tables' promises no more.

A mutant goes through the whole pipeline over a view of the index in which one function has another body; so does its unbroken
twin, before it.  Functions that take a lock themselves are few, those that call what may sleep are many: each sort of promise
gets its turn.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest

from cocci_gen.corpus.mutants.caller_mutations import Calling, caller_breaks
from cocci_gen.corpus.mutants.mutations import Break
from cocci_gen.corpus.mutants.samples import SURE, Bench, Mutant, UnbrokenTwin
from cocci_gen.corpus.records import is_true
from cocci_gen.document.obligations import Obligation
from cocci_gen.facts.tree.call_sites import CallSite, CallSites, members
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.facts.tree.overlays import OverlaidIndex, Replacement
from cocci_gen.filters import Accepted
from cocci_gen.findings.findings import Finding
from cocci_gen.scan.pipeline import Examination

#: How much is put in front of one call, so that the many ways to do so do not outweigh what is deleted.
_INSERTIONS = 2


@dataclass(frozen=True, slots=True)
class Caller:
    """A function and what one cell promises a method that it calls, or (`sites` empty) does not call yet."""

    definition: Definition
    obligation: Obligation
    sites: tuple[CallSite, ...]


class CallerField:
    """The callers of all methods of the kind `callers`."""

    def __init__(self, bench: Bench, obligations: Sequence[Obligation], chance: random.Random) -> None:
        self.bench = bench
        self.kind = obligations[0].kind
        self.obligations = obligations
        self.chance = chance
        self.sites = CallSites(bench.index)

    def subjects(self) -> Sequence[Caller]:
        """The callers, in an order of chance, those that are promised a lock and all others by turns."""
        every = [caller for obligation in self.obligations for caller in self._callers(obligation)]
        mixed = self.chance.sample(every, len(every))
        locked = [one for one in mixed if one.obligation.mode.locked and self._breaks(one)]
        others = [one for one in mixed if not one.obligation.mode.locked]
        return [one for one in chain.from_iterable(zip_longest(locked, others)) if one is not None]

    def _callers(self, obligation: Obligation) -> list[Caller]:
        sites: dict[Definition, list[CallSite]] = {}
        for site in self.sites.of(obligation.struct, obligation.method):
            sites.setdefault(site.definition, []).append(site)
        if obligation.mode == "only":
            return [
                Caller(definition, obligation, ()) for definition in self._near(obligation) if definition not in sites
            ]
        return [Caller(definition, obligation, tuple(found)) for definition, found in sites.items()]

    def _near(self, obligation: Obligation) -> list[Definition]:
        """The functions that call another method through the same table."""
        others = {one.method for one in self.obligations if one.struct == obligation.struct} - {obligation.method}
        found = (site.definition for method in sorted(others) for site in self.sites.of(obligation.struct, method))
        return list(dict.fromkeys(found)) if obligation.struct in members() else []

    def breaks(self, subject: Caller) -> list[Break]:
        """What can be deleted, and some of what can be put in."""
        every = self._breaks(subject)
        put_in = [one for one in every if one.start == one.end]
        kept = self.chance.sample(put_in, min(len(put_in), _INSERTIONS))
        return [one for one in every if one.start != one.end] + kept

    def _breaks(self, subject: Caller) -> list[Break]:
        index = self.bench.index
        graph = index.graph(subject.definition)
        if graph is None or not graph.whole:
            return []
        nodes = tuple(site.node for site in subject.sites)
        text = index.text(subject.definition.path)
        return list(caller_breaks(Calling(subject.obligation, subject.definition, graph, text, nodes)))

    def _scan(self, subject: Caller, changes: tuple[Replacement, ...]) -> tuple[list[Finding], str]:
        """The accepted findings about the function, and why it was not examined ("" when it was)."""
        bench = self.bench
        view = OverlaidIndex(bench.index, subject.definition, changes)
        scan = Examination(bench.tree, view, bench.runner, bench.options).scan((subject.obligation,))
        here = (subject.definition.path, subject.definition.name)
        accepted = (one.finding for one in scan.findings if isinstance(one.verdict, Accepted))
        told = next((one.reason for one in scan.unexamined if (one.path, one.function) == here), "")
        return [finding for finding in accepted if (finding.file, finding.function) == here], told

    def twin(self, subject: Caller) -> tuple[UnbrokenTwin, Sequence[Finding]] | None:
        """The unbroken caller, and all that is reported about it, be it low."""
        findings, _ = self._scan(subject, ())
        if any(is_true(self.bench.records, finding) for finding in findings):
            return None
        definition = subject.definition
        alarms = tuple(_shown(one for one in findings if one.confidence in SURE))
        return UnbrokenTwin(self.kind, subject.obligation.short, definition.path, definition.name, alarms), findings

    def mutant(self, subject: Caller, one: Break, known: Sequence[Finding]) -> Mutant | None:
        """What is reported of the broken caller; None where something is said of it already."""
        if known:
            return None
        definition = subject.definition
        text = one.applied(self.bench.index.text(definition.path))
        findings, told = self._scan(subject, (Replacement(definition, text),))
        best = max((finding.confidence for finding in findings), key=lambda level: level.rank, default=None)
        found = str(best) if best else ""
        return Mutant(
            self.kind,
            subject.obligation.short,
            definition.path,
            definition.name,
            one.words,
            one.deep,
            found,
            restored="",
            told="" if findings else told,
        )


def _shown(findings: Iterable[Finding]) -> Iterable[str]:
    return (f"{one.file}:{one.line}: {one.message}" for one in findings)
