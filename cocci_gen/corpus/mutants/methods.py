"""The methods that obligations bind -> MethodField, broken in their own code or one call deep.

A mutant goes through the whole pipeline over a view of the index in which its method is the only implementation; so does its
unbroken twin, before it.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cocci_gen.corpus.mutants.breaks import BREAKS
from cocci_gen.corpus.mutants.mends import Mended, Mends
from cocci_gen.corpus.mutants.mutations import Bound, Break
from cocci_gen.corpus.mutants.samples import SURE, Bench, Mutant, UnbrokenTwin
from cocci_gen.corpus.records import is_true
from cocci_gen.document.obligations import Obligation
from cocci_gen.facts.pages.pages import Effects
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.overlays import OverlaidIndex, Replacement
from cocci_gen.filters import Accepted
from cocci_gen.findings.findings import Finding
from cocci_gen.kinds.duties import TreeFacts
from cocci_gen.kinds.registry import RULES
from cocci_gen.scan.pipeline import Examination, Scan

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

    def _scan(self, subject: Subject, changes: tuple[Replacement, ...]) -> tuple[tuple[Finding, ...], Scan]:
        """The accepted findings, those about other implementations left out, which are reported there; and the scan."""
        view = OverlaidIndex(self.bench.index, subject.definition, changes)
        scan = Examination(self.bench.tree, view, self.bench.runner, self.bench.options).scan(subject.obligations)
        accepted = (one.finding for one in scan.findings if isinstance(one.verdict, Accepted))
        return tuple(f for f in accepted if f.breach.statement.split("(")[0] not in subject.peers), scan

    def twin(self, subject: Subject) -> tuple[UnbrokenTwin, frozenset[MethodPlace]] | None:
        """The unbroken function with the places of the findings about it."""
        findings, _ = self._scan(subject, ())
        broken = [finding for finding in findings if is_true(self.bench.records, finding)]
        if any((one.file, one.function) == (subject.definition.path, subject.definition.name) for one in broken):
            return None
        others = (finding for finding in findings if finding not in broken)  # a helper is not the subject
        alarms = tuple(f"{one.file}:{one.line}: {one.message}" for one in others if one.confidence in SURE)
        twin = UnbrokenTwin(self.kind, subject.name, subject.definition.path, subject.definition.name, alarms)
        return twin, frozenset(_place(finding) for finding in findings)

    def mutant(self, subject: Subject, one: Break, known: frozenset[MethodPlace]) -> Mutant | None:
        """What is reported of the broken function that was not before, and whether a fix restores the contract."""
        if _doubted(subject, one, known):
            return None
        change = Replacement(one.target, one.applied(self.bench.index.text(one.target.path)))
        every, scan = self._scan(subject, (change,))
        findings = [finding for finding in every if _place(finding) not in known and _about(finding, one)]
        best = max((finding.confidence for finding in findings), key=lambda level: level.rank, default=None)
        mends = Mends(self.bench.index, subject.definition, change)
        mended = mends.every(findings)
        restored = _restored(mended, findings) if mended or (one.plain and not one.deep) else ""
        return Mutant(
            self.kind,
            subject.name,
            one.target.path,
            one.target.name,
            one.words,
            one.deep,
            str(best) if best is not None else "",
            restored,
            told="" if findings else _told(scan, subject, one),
            harm=tuple(words for fix in mended for words in fix.harm),
        )


def _restored(mended: Sequence[Mended], findings: Sequence[Finding]) -> str:
    """ "yes" when a fix gives a function that leaves everything as the unbroken one does; else why not."""
    if not findings:
        return "not found"
    if not mended:
        return f"no fix: {getattr(findings[0].fix, 'reason', '')}"
    reasons = [fix.reason for fix in mended]
    return "yes" if "" in reasons else reasons[0]


def _told(scan: Scan, subject: Subject, one: Break) -> str:
    """Why the scan says that it did not examine the broken function, or the method; "" when it says nothing."""
    concerned = {(d.path, d.name) for d in (one.target, subject.definition)}
    return next((told.reason for told in scan.unexamined if (told.path, told.function) in concerned), "")


def _about(finding: Finding, one: Break) -> bool:
    """Whether a finding speaks of the broken function; the breach of a callee may show in whoever calls it."""
    return one.deep or (finding.file, finding.function) == (one.target.path, one.target.name)


def _doubted(subject: Subject, one: Break, known: frozenset[MethodPlace]) -> bool:
    """Whether something is reported already, be it low, about a function that the break concerns: it may not be correct."""
    concerned = {(one.target.path, one.target.name), (subject.definition.path, subject.definition.name)}
    return any((path, function) in concerned for path, function, _ in known)


def _place(finding: Finding) -> MethodPlace:
    return finding.file, finding.function, finding.line
