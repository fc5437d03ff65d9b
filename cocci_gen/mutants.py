"""Beside the stages: KernelTree x seed -> Figures per kind, how many broken contracts the rules find and how many they mend.

Correct functions of the tree are broken one contract at a time, at run time.  A mutant goes through the whole pipeline over a
view of the index in which its method is the only implementation; so does its unbroken twin, before it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from cocci_gen.breaks import BREAKS
from cocci_gen.c_source import file_facts
from cocci_gen.duties import PageDuty, TreeFacts
from cocci_gen.effects import Effects
from cocci_gen.exit_mutations import unkept
from cocci_gen.exits import ExitRule
from cocci_gen.filters import Accepted
from cocci_gen.findings import Confidence, Finding, Fix, apply_edits
from cocci_gen.flow_builder import graph_of
from cocci_gen.index import Definition, KernelIndex
from cocci_gen.kernel_tree import KernelTree
from cocci_gen.kinds import RULES
from cocci_gen.mutations import Bound, Break
from cocci_gen.obligations import Obligation
from cocci_gen.overlays import Change, OverlaidIndex
from cocci_gen.pipeline import Examination, ScanOptions
from cocci_gen.precision import Record, is_true
from cocci_gen.spatch import SpatchRunner

Progress = Callable[[str, int, int], None]

#: Breaks of one function that are looked at, so that a long one does not outweigh the others.
_EACH = 3
_SURE = (Confidence.HIGH, Confidence.MODERATE)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One broken contract and what came of it: the best confidence with which it was found ("" when it was not), and whether
    the fix restored the contract ("" when none was to be expected, else "yes" or why not)."""

    kind: str
    method: str
    path: str
    function: str
    words: str
    deep: bool
    found: str
    restored: str


@dataclass(frozen=True, slots=True)
class Twin:
    """An unbroken function, and the sure findings about it that nobody has confirmed."""

    kind: str
    method: str
    path: str
    function: str
    alarms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Experiment:
    """All mutants and twins of one run."""

    commit: str
    seed: int
    mutants: tuple[Mutant, ...]
    twins: tuple[Twin, ...]
    without: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Bench:
    """What every mutant is examined with; `records` are verdicts of people on this kernel."""

    tree: KernelTree
    index: KernelIndex
    runner: SpatchRunner
    options: ScanOptions
    records: tuple[Record, ...]


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


def experiment(
    bench: Bench, chosen: Sequence[Obligation], seed: int, count: int, progress: Progress = lambda *_: None
) -> Experiment:
    """Up to `count` direct mutants, and as many one call deep, of every kind of the chosen obligations."""
    mutants: list[Mutant] = []
    twins: list[Twin] = []
    without: list[tuple[str, str]] = []
    for kind in dict.fromkeys(obligation.kind for obligation in chosen):
        if not any(type(rule) in BREAKS for rule in RULES.get(kind, ())):
            without.append((kind, "no code of a kernel breaks it, only its documents or its callers do"))
            continue
        obligations = [obligation for obligation in chosen if obligation.kind == kind]
        work = _Kind(bench, kind, random.Random(f"{seed} {kind}"))
        work.run(subjects(bench.index, obligations), count, progress)
        mutants += work.mutants
        twins += work.twins
        if not work.mutants:
            without.append((kind, "no function of this tree can be broken so"))
    return Experiment(bench.tree.commit, seed, tuple(mutants), tuple(twins), tuple(without))


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


class _Kind:
    """The mutants of one kind, drawn without a look at what the rule says of the function."""

    def __init__(self, bench: Bench, kind: str, chance: random.Random) -> None:
        self.bench = bench
        self.kind = kind
        self.chance = chance
        self.mutants: list[Mutant] = []
        self.twins: list[Twin] = []
        self.seen: set[tuple[str, int, int, bytes]] = set()

    def run(self, every: Sequence[Subject], count: int, progress: Progress) -> None:
        order = self.chance.sample(every, len(every))
        made = {False: 0, True: 0}
        for subject in order:
            if min(made.values()) >= count:
                break
            breaks = self._breaks(subject)
            wanted = self._drawn(breaks, {deep: count - number for deep, number in made.items()})
            if not wanted:
                continue
            known = self._twin(subject)
            if known is None:
                continue
            for one in wanted:
                if _doubted(subject, one, known):
                    continue
                self.mutants.append(self._mutant(subject, one, known))
                made[one.deep] += 1
                progress(f"mutants of {self.kind}", sum(made.values()), 2 * count)
        progress(f"mutants of {self.kind}", 2 * count, 2 * count)

    def _breaks(self, subject: Subject) -> list[Break]:
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

    def _drawn(self, breaks: list[Break], room: dict[bool, int]) -> list[Break]:
        drawn: list[Break] = []
        for deep in (False, True):
            these = [one for one in breaks if one.deep == deep]
            drawn += self.chance.sample(these, max(0, min(len(these), _EACH, room[deep])))
        return drawn

    def _scan(self, subject: Subject, changes: tuple[Change, ...]) -> tuple[Finding, ...]:
        view = OverlaidIndex(self.bench.index, subject.definition, changes)
        examination = Examination(self.bench.tree, view, self.bench.runner, self.bench.options)
        judged = examination.scan(subject.obligations).findings
        return tuple(
            one.finding
            for one in judged
            if isinstance(one.verdict, Accepted) and one.finding.breach.statement.split("(")[0] not in subject.peers
        )  # what happens in another implementation of the method is reported there

    def _twin(self, subject: Subject) -> frozenset[tuple[str, str, int]] | None:
        """The places of findings about the unbroken function; None when people have found it broken."""
        findings = self._scan(subject, ())
        if any(is_true(self.bench.records, finding) for finding in findings):
            return None
        alarms = tuple(f"{one.file}:{one.line}: {one.message}" for one in findings if one.confidence in _SURE)
        self.twins.append(Twin(self.kind, subject.name, subject.definition.path, subject.definition.name, alarms))
        return frozenset(_place(finding) for finding in findings)

    def _mutant(self, subject: Subject, one: Break, known: frozenset[tuple[str, str, int]]) -> Mutant:
        text = one.applied(self.bench.index.text(one.target.path))
        findings = [
            f for f in self._scan(subject, (Change(one.target, text),)) if _place(f) not in known and _about(f, one)
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


def _doubted(subject: Subject, one: Break, known: frozenset[tuple[str, str, int]]) -> bool:
    """Whether something is reported already, be it low, about a function that the break concerns: it may not be correct."""
    concerned = {(one.target.path, one.target.name), (subject.definition.path, subject.definition.name)}
    return any((path, function) in concerned for path, function, _ in known)


def _place(finding: Finding) -> tuple[str, str, int]:
    return finding.file, finding.function, finding.line
