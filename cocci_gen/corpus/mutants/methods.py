"""The methods that obligations bind -> MethodField, broken in their own code or one call deep.

A mutant goes through the whole pipeline over a view of the index in which its method is the only implementation; so does its
unbroken twin, before it.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cocci_gen.code.flow_builder import graph_of
from cocci_gen.code.source import file_facts
from cocci_gen.corpus.mutants.breaks import BREAKS
from cocci_gen.corpus.mutants.exit_mutations import unkept
from cocci_gen.corpus.mutants.mutations import Bound, Break
from cocci_gen.corpus.mutants.samples import SURE, Bench, Mutant, UnbrokenTwin
from cocci_gen.corpus.records import is_true
from cocci_gen.document.obligations import Obligation
from cocci_gen.facts.index import Definition, KernelIndex
from cocci_gen.facts.overlays import OverlaidIndex, Replacement
from cocci_gen.facts.pages import Effects
from cocci_gen.filters import Accepted
from cocci_gen.findings.findings import Finding, Fix, apply_edits
from cocci_gen.kinds.duties import TreeFacts
from cocci_gen.kinds.exits.rule import ExitRule
from cocci_gen.kinds.page_duty import PageDuty
from cocci_gen.kinds.registry import RULES
from cocci_gen.scan.pipeline import Examination

#: File, function and line of a finding.
MethodPlace = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Subject:
    """A method, the obligations of one kind that bind it, and the names of the other functions that they bind."""

    definition: Definition
    obligations: tuple[Obligation, ...]
    peers: frozenset[str]

    @property
    def name(self) -> str:
        """`writepage.unlocks`."""
        return self.obligations[0].short


def subjects(index: KernelIndex, obligations: Iterable[Obligation]) -> tuple[Subject, ...]:
    """The functions that tables of the right struct name (that are assigned, where no table names any), with all obligations
    of the kind for their method."""
    methods: dict[tuple[str, str], list[Obligation]] = {}
    for obligation in obligations:
        methods.setdefault((obligation.struct, obligation.method), []).append(obligation)
    found = []
    for (struct, method), owed in methods.items():
        every = index.implementations(struct, method)[0]
        names = frozenset(one.definition.name for one in every)
        named = any(entry.struct == struct for one in every for entry in one.entries)
        for one in every:  # ->b_end_io has no table, it is only assigned
            mine = not named or any(entry.struct == struct for entry in one.entries)
            if one.definition.span.whole and mine:
                found.append(Subject(one.definition, tuple(owed), names - {one.definition.name}))
    return tuple(found)


class MethodField:
    """The methods of one kind of obligation."""

    def __init__(self, bench: Bench, obligations: Sequence[Obligation], chance: random.Random) -> None:
        self.bench = bench
        self.kind = obligations[0].kind
        self.obligations = obligations
        self.chance = chance
        self.seen: set[tuple[str, int, int, bytes]] = set()

    def subjects(self) -> Sequence[Subject]:
        """The methods, in an order of chance."""
        every = subjects(self.bench.index, self.obligations)
        return self.chance.sample(every, len(every))

    def breaks(self, subject: Subject) -> list[Break]:
        """What the families of the kind's rules can break in a method or in its callees."""
        view = OverlaidIndex(self.bench.index, subject.definition)
        graph = view.graph(subject.definition)
        if graph is None or not graph.whole:
            return []
        facts = TreeFacts(self.bench.tree, view, Effects(view))
        found: dict[tuple[str, int, int, bytes], Break] = {}
        for obligation in subject.obligations:
            bound = Bound(obligation, subject.definition, graph, facts)
            for rule in RULES[self.kind]:
                for one in BREAKS[type(rule)](rule, bound) if type(rule) in BREAKS else ():
                    found.setdefault((one.target.path, one.start, one.end, one.text), one)
        new = {place: one for place, one in found.items() if place not in self.seen}  # a callee may be shared
        self.seen |= set(new)
        return list(new.values())

    def _scan(self, subject: Subject, changes: tuple[Replacement, ...]) -> tuple[Finding, ...]:
        view = OverlaidIndex(self.bench.index, subject.definition, changes)
        examination = Examination(self.bench.tree, view, self.bench.runner, self.bench.options)
        judged = examination.scan(subject.obligations).findings
        return tuple(
            one.finding
            for one in judged
            if isinstance(one.verdict, Accepted) and one.finding.breach.statement.split("(")[0] not in subject.peers
        )  # what happens in another implementation of the method is reported there

    def twin(self, subject: Subject) -> tuple[UnbrokenTwin, frozenset[MethodPlace]] | None:
        """The unbroken function with the places of the findings about it."""
        findings = self._scan(subject, ())
        if any(is_true(self.bench.records, finding) for finding in findings):
            return None
        alarms = tuple(f"{one.file}:{one.line}: {one.message}" for one in findings if one.confidence in SURE)
        twin = UnbrokenTwin(self.kind, subject.name, subject.definition.path, subject.definition.name, alarms)
        return twin, frozenset(_place(finding) for finding in findings)

    def mutant(self, subject: Subject, one: Break, known: frozenset[MethodPlace]) -> Mutant | None:
        """What is reported of the broken function that was not before, and whether a fix restores the contract."""
        if _doubted(subject, one, known):
            return None
        text = one.applied(self.bench.index.text(one.target.path))
        findings = [
            f
            for f in self._scan(subject, (Replacement(one.target, text),))
            if _place(f) not in known and _about(f, one)
        ]
        best = min(findings, key=lambda finding: -finding.confidence.rank, default=None)
        restored = ""
        if one.plain and not one.deep:
            restored = self._restored(subject, one, text, findings)
        found = str(best.confidence) if best else ""
        target = one.target
        return Mutant(self.kind, subject.name, target.path, target.name, one.words, one.deep, found, restored)

    def _restored(self, subject: Subject, one: Break, text: bytes, findings: Sequence[Finding]) -> str:
        """ "yes" when a fix gives a function in which as many returns are open as in the original, and as many releases come
        after another one; else why not."""
        fixes = [finding for finding in findings if isinstance(finding.fix, Fix)]
        if not fixes:
            return "not found" if not findings else f"no fix: {getattr(findings[0].fix, 'reason', '')}"
        for finding in fixes:
            assert isinstance(finding.fix, Fix)
            mended = apply_edits(text, finding.fix.edits)
            if self._state(subject, one, mended) == self._state(subject, one, self.bench.index.text(one.target.path)):
                return "yes"
        return "the fix leaves other open or double releases"

    def _state(self, subject: Subject, one: Break, text: bytes) -> tuple[int, int] | None:
        """What `unkept` says of the target with this text of its file."""
        spans = [span for span in file_facts(text, frozenset()).functions if span.name == one.target.name]
        near = min(spans, key=lambda span: abs(span.start - one.target.span.start), default=None)
        graph = graph_of(text[near.start : near.end], near.line) if near is not None else None
        if near is None or graph is None:
            return None
        view = OverlaidIndex(self.bench.index, subject.definition)
        facts = TreeFacts(self.bench.tree, view, Effects(view))
        rule = next(rule for rule in RULES[self.kind] if isinstance(rule, ExitRule))
        duty = next(
            (d for o in subject.obligations for d in rule.duties(o, facts)[0] if d.definition == one.target), None
        )
        if not isinstance(duty, PageDuty):
            return None
        again = rule.again(duty, Definition(one.target.path, "", near), graph, facts)
        return unkept(rule, graph, again)


def _about(finding: Finding, one: Break) -> bool:
    """Whether a finding speaks of the broken function; the breach of a callee may show in whoever calls it."""
    return one.deep or (finding.file, finding.function) == (one.target.path, one.target.name)


def _doubted(subject: Subject, one: Break, known: frozenset[MethodPlace]) -> bool:
    """Whether something is reported already, be it low, about a function that the break concerns: it may not be correct."""
    concerned = {(one.target.path, one.target.name), (subject.definition.path, subject.definition.name)}
    return any((path, function) in concerned for path, function, _ in known)


def _place(finding: Finding) -> MethodPlace:
    return finding.file, finding.function, finding.line
