"""A kernel tree -> Scan, every finding with its verdict and everything that was not examined."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

from cocci_gen.coccinelle.slices import slice_of
from cocci_gen.coccinelle.spatch import Clean, Failed, Job, Matched, Outcome, Patched, Slice, SpatchRunner, TimedOut
from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.code.searches.paths import NoPath
from cocci_gen.code.searches.paths import Path as Way
from cocci_gen.document.beside import added, read_beside, texts_beside
from cocci_gen.document.obligations import ABOUT_CALLERS, WITHOUT_TEMPLATE, Obligation, obligations, read_obligations
from cocci_gen.document.successors import successors
from cocci_gen.document.tables import LOCKING_RST, read_document
from cocci_gen.document.taken import taken
from cocci_gen.facts.pages.pages import Effects
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.facts.tree.focus import EVERYTHING, Everything, Focus, FocusedIndex
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.filters import Accepted, Claim, FixRefused, Reason, Verdict, verdict
from cocci_gen.findings.edits import edits_between, edits_near
from cocci_gen.findings.findings import Finding, Fix, NoFix, fingerprint, unified_diff
from cocci_gen.findings.nearer import as_sure_as_nearer
from cocci_gen.findings.trials import Trial, Untried
from cocci_gen.kernel.kbuild import option_for_tests
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.kinds.duties import Duty, TreeFacts, Unexamined, unexamined, unread
from cocci_gen.kinds.prototype.findings import ProvenFinding, prototype_findings
from cocci_gen.kinds.settled import Helper, in_order, settled_helpers
from cocci_gen.kinds.suspects import FixPlan, Rule, Suspect
from cocci_gen.scan.asked import NothingToScan as NothingToScan  # noqa: PLC0414 - the name is known from here
from cocci_gen.scan.asked import check_paths as check_paths  # noqa: PLC0414 - the name is known from here
from cocci_gen.scan.asked import chosen_obligations as chosen_obligations  # noqa: PLC0414 - the name is known from here
from cocci_gen.scan.asked import is_below, matching
from cocci_gen.scan.coverage import Coverage, coverage
from cocci_gen.scan.examined import Examined, job_of, outcome_words
from cocci_gen.scan.narrowing import Nearness, Wide, wide_ones
from cocci_gen.scan.standings import Standing, standings
from cocci_gen.scan.trials import FixTrials
from cocci_gen.scan.twice_mended import mended_below

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class ScanOptions:
    """`rules` are globs over obligation ids, `paths` the folders to examine (empty: all; the rest of the tree is known all the
    same), `jobs` processes at a time; with a `focus` only its functions are asked about."""

    rules: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    jobs: int = 2
    timeout: float = 60.0
    focus: Focus | Everything = EVERYTHING


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding and what the filters say of it; `passed` are the rungs that its fix climbed, `refused` the reasons why a fix
    that was made is not shown: the finding stands without it."""

    finding: Finding
    verdict: Verdict
    passed: tuple[str, ...]
    refused: tuple[Reason, ...] = ()


def judged(case: Claim) -> Judged:
    """What the filters say of a finding and of its fix. A fix that is refused goes, and the finding stays."""
    found = verdict(case)
    passed = case.trial.passed if isinstance(case.trial, Trial) else ()
    if not isinstance(found, FixRefused):
        return Judged(case.finding, found, passed)
    words = "; ".join(f"{reason.filter}: {reason.reason}" for reason in found.reasons)
    return Judged(replace(case.finding, fix=NoFix(words)), Accepted(), (), found.reasons)


@dataclass(frozen=True, slots=True)
class Scan:
    """One run over one tree: what was found, what was not examined, and how much work it was."""

    commit: str
    obligations: tuple[Obligation, ...]
    findings: tuple[Judged, ...]
    unexamined: tuple[Unexamined, ...]
    functions: int
    files: int
    jobs: int
    cached_jobs: int
    standings: tuple[Standing, ...] = ()
    coverage: Coverage = field(default_factory=Coverage)
    #: Path, name and line of the functions that were examined; path and name of those that tables name.
    looked: tuple[tuple[str, str, int], ...] = ()
    named: tuple[tuple[str, str], ...] = ()
    #: Functions that no table names, which were looked at all the same and in which nothing is wrong.
    helpers: tuple[Helper, ...] = ()


def rule_text(tree: KernelTree) -> tuple[bytes, str]:
    """locking.rst of a tree and its path; NothingToScan when the tree has none."""
    text = tree.text_of(LOCKING_RST)
    if text is None:
        raise NothingToScan(
            f"{tree.root}: {tree.revision} has no {LOCKING_RST}; is it a kernel of 5.3 or later? A module outside the kernel is "
            f"named with --module DIR, beside --kernel and the kernel that it is for"
        )
    return text, LOCKING_RST


def read_rules(tree: KernelTree) -> tuple[Obligation, ...]:
    """The obligations of a tree's own locking.rst, and what the documents beside it add."""
    return rules_in(*rule_text(tree), tuple(texts_beside(tree.text_of).items()))


def rules_in(text: bytes, path: str, documents: tuple[tuple[str, str], ...]) -> tuple[Obligation, ...]:
    """The obligations of a locking.rst, and what the documents beside it add, each with its path."""
    found = read_obligations(read_document(text, path))
    beside = read_beside(dict(documents), found)
    own = (*obligations(found), *successors(found, beside))
    return (*own, *taken(found, beside), *added(beside, own))


def methods_of(every: Iterable[Obligation]) -> frozenset[str]:
    """The method names that the rules speak of: what the index looks for in assignments."""
    return frozenset(obligation.method for obligation in every)


class Examination:
    """Stages 3 to 7 over one tree; `scan` runs them."""

    def __init__(self, tree: KernelTree, index: KernelIndex, runner: SpatchRunner, options: ScanOptions) -> None:
        if isinstance(options.focus, Focus):
            index = FocusedIndex(index, options.focus)
        self.tree = tree
        self.index = index
        self.runner = runner
        self.options = options
        self.facts = TreeFacts(tree, index, Effects(index))
        self.tests = cache(partial(option_for_tests, tree))
        self.trials = FixTrials(runner, self.facts, options.timeout)
        self.unexamined: list[Unexamined] = []
        self.settled: list[tuple[Obligation, Definition]] = []
        self.named: set[tuple[str, str]] = set()
        self.jobs = 0

    def scan(self, chosen: Sequence[Obligation], progress: Progress = lambda stage, done, total: None) -> Scan:
        """Every finding of the chosen obligations, in (file, line, obligation) order."""
        examined = self._examined(chosen, progress)
        self._report(examined, progress)
        self._mend(examined, progress)
        findings = self._try(examined, progress) + self._documented(chosen)
        for duty, words in self.trials.unfinished:  # a fix that was not tried is to be tried the next time
            self._not_examined(duty, duty.definition.span.line, words)
        files = {one.duty.definition.path for one in examined}
        looked = {(d.path, d.name, d.span.line) for d in (one.duty.definition for one in examined)}
        ordered = _told_apart(findings)
        stand = standings(
            [one.duty for one in examined],
            self.settled,
            [(one.finding, one.verdict) for one in ordered],
            self.unexamined,
        )
        return Scan(
            commit=self.tree.commit,
            obligations=tuple(chosen),
            findings=ordered,
            unexamined=tuple(sorted(self.unexamined, key=lambda one: (one.path, one.line, one.obligation))),
            functions=len(looked),
            files=len(files),
            jobs=self.jobs + self.trials.jobs,
            cached_jobs=self.runner.cached_jobs,
            standings=stand,
            coverage=coverage(self.named, stand),
            looked=tuple(sorted(looked)),
            named=tuple(sorted(self.named)),
            helpers=self._helpers(stand),
        )

    def _helpers(self, standings: Iterable[Standing]) -> tuple[Helper, ...]:
        """The helpers in which nothing is wrong, but for those that some other obligation has more to say of."""
        told = {(one.path, one.function, one.obligation) for one in standings}
        every = (one for one in settled_helpers(self.index) if self._wanted(one.path))
        new = (one for one in every if (one.path, one.function, one.obligation) not in told)
        return in_order(new)

    def _documented(self, chosen: Sequence[Obligation]) -> list[Judged]:
        """Where locking.rst and the headers disagree: the kind `prototype`, which needs no spatch."""
        wanted = {obligation.struct for obligation in chosen if obligation.kind in WITHOUT_TEMPLATE}
        if not wanted or not self._wanted(LOCKING_RST):
            return []
        found = judged_prototypes(prototype_findings(self.tree, *rule_text(self.tree)))
        return [one for one in found if one.finding.obligation.struct in wanted]

    # Stage 4: duties become semantic patches and slices.

    def _wanted(self, path: str) -> bool:
        return not self.options.paths or is_below(path, self.options.paths)

    def _examined(self, chosen: Sequence[Obligation], progress: Progress) -> list[Examined]:
        from cocci_gen.scan.ahead import looking_ahead  # 0.3 s, which a scan that is remembered does without

        asked: dict[int, list[tuple[Rule[Any], tuple[Duty, ...], tuple[Unexamined, ...]]]] = {}
        with looking_ahead(chosen, self.facts, self._processes()) as ahead:
            for number in ahead.order:
                progress("facts", len(asked), len(chosen))
                asked[number] = [
                    (rule, *rule.duties(chosen[number], self.facts)) for rule in ahead.rules(chosen[number])
                ]
        found = [one for number, obligation in enumerate(chosen) for one in self._bound_by(obligation, asked[number])]
        progress("facts", len(chosen), len(chosen))
        # Several cells and sentences may ask for the same thing; the first of them is cited.
        once = {one.question(): one for one in reversed(found)}
        return [one for one in found if once[one.question()] is one]

    def _processes(self) -> int:
        """In how many processes the functions are looked at: a part of a tree is no work for two."""
        return self.options.jobs if isinstance(self.options.focus, Everything) and self.tree.base is self.tree else 1

    def _bound_by(
        self,
        obligation: Obligation,
        asked: Sequence[tuple[Rule[Any], tuple[Duty, ...], tuple[Unexamined, ...]]],
    ) -> Iterator[Examined]:
        """The duties of an obligation, as its rules told them; what was not examined is remembered."""
        said = set[tuple[str, str]]()
        for rule, duties, missing in asked:
            self.unexamined += [one for one in missing if self._wanted(one.path)]
            said |= {(one.path, one.function) for one in missing}
            said |= {(duty.definition.path, duty.definition.name) for duty in duties}
            yield from (self._sliced(rule, duty) for duty in duties if self._wanted(duty.definition.path))
        self._bound(obligation, [rule for rule, _, _ in asked], said)

    def _bound(self, obligation: Obligation, rules: Collection[Rule[Any]], said: Collection[tuple[str, str]]) -> None:
        """Remember who implements the method, where a rule asks at all: those that get no duty are told of too, and what of them
        was not read; `said` are those of which something is said."""
        if obligation.kind in ABOUT_CALLERS or obligation.kind in WITHOUT_TEMPLATE:
            return  # these bind whoever calls the method, or nobody
        implementations, lost = self.index.implementations(obligation.struct, obligation.method)

        def asked(path: str) -> bool:
            return self._wanted(path) and any(rule.asks(obligation, path, self.index) for rule in rules)

        definitions = [one.definition for one in implementations if asked(one.definition.path)]
        self.named |= {(one.path, one.name) for one in definitions}
        self.named |= {(one.entry.path, one.entry.function) for one in lost if asked(one.entry.path)}
        self.settled += [(obligation, definition) for definition in definitions]
        silent = (one for one in definitions if (one.path, one.name) not in said)
        self.unexamined += [unexamined(obligation, one, why) for one in silent if (why := unread(one, self.index))]

    def _sliced(self, rule: Rule[Any], duty: Duty) -> Examined:
        path = duty.definition.path
        duty = duty.tested_by(self.tests(path))
        text = self.index.text(path)
        sliced = slice_of(text, self.index.functions_in(path), {duty.definition.span.start}, self.index.reading(path))
        return Examined(rule, duty, text, Slice(path, sliced), rule.semantic_patch(duty).text)

    def _run(self, stage: str, jobs: Sequence[Job], progress: Progress) -> Iterator[Outcome]:
        self.jobs += len(jobs)
        progress(stage, 0, len(jobs))
        for number, (_, outcome) in enumerate(self.runner.run(jobs), 1):
            progress(stage, number, len(jobs))
            yield outcome

    # Stages 5 and 6: report, then mend.

    def _report(self, examined: list[Examined], progress: Progress) -> None:
        jobs = [job_of(one.duty, one.semantic_patch, one.slice, self.options.timeout) for one in examined]
        for one, outcome in zip(examined, self._run("report", jobs, progress), strict=True):
            if isinstance(outcome, Matched | Clean):
                lines = outcome.lines if isinstance(outcome, Matched) else ()
                one.suspects = one.rule.judge(one.duty, lines, one.semantic_patch)
                for node in one.rule.unstarred(one.duty, lines):
                    self._not_examined(
                        one.duty, node.line, "spatch did not report a return that the path search reaches"
                    )
            else:
                self._not_examined(one.duty, one.duty.definition.span.line, outcome_words(outcome))
            if not one.duty.graph.whole:
                self._not_examined(one.duty, one.duty.definition.span.line, "a part of the function did not parse")

    def _not_examined(self, duty: Duty, line: int, reason: str) -> None:
        self.unexamined.append(Unexamined(duty.obligation.id, duty.definition.path, duty.graph.name, line, reason))

    def _mend(self, examined: list[Examined], progress: Progress) -> None:
        wanted = [
            (one, number, suspect.plan)
            for one in examined
            for number, suspect in enumerate(one.suspects)
            if isinstance(suspect.plan, FixPlan) and one.duty.graph.whole
        ]
        jobs = [job_of(one.duty, plan.semantic_patch.text, one.slice, self.options.timeout) for one, _, plan in wanted]
        made: dict[int, tuple[Examined, list[tuple[int, Outcome]]]] = {}
        for (one, number, plan), outcome in zip(wanted, self._run("fix", jobs, progress), strict=True):
            made.setdefault(id(one), (one, []))[1].append((number, outcome))
            if isinstance(outcome, Failed | TimedOut):  # what this run could not know must not be remembered as known
                self._not_examined(one.duty, one.duty.definition.span.line, outcome_words(outcome))
            if not isinstance(outcome, Patched):
                one.edits[number] = NoFix(f"the semantic patch made no change ({outcome_words(outcome)})")
                continue
            near = edits_near(edits_between(one.slice.text, outcome.text), plan.anchors, (*one.anchors(), *plan.others))
            if near and (why := one.unwritable(near)):
                one.edits[number] = NoFix(why)
                continue
            one.edits[number] = near or NoFix("the semantic patch changed nothing near the exit")
        self._narrow([wide for one, answers in made.values() for wide in wide_ones(one, answers)], progress)

    def _narrow(self, every: Sequence[Wide], progress: Progress) -> None:
        """Semantic patches that change more than is wanted, once more with what stands before the exits."""
        left = list(every)
        for near in Nearness:
            asked = [(wide, text) for wide in left if (text := wide.narrower(near))]
            jobs = [job_of(wide.one.duty, text, wide.one.slice, self.options.timeout) for wide, text in asked]
            for (wide, text), outcome in zip(asked, self._run("narrow", jobs, progress), strict=True):
                if isinstance(outcome, Patched) and wide.fits(outcome):
                    wide.take(text)
                    left.remove(wide)
        for wide in left:
            wide.leave()

    # Stage 7: try the fixes, then let the filters speak.

    def _try(self, examined: list[Examined], progress: Progress) -> list[Judged]:
        by_function: dict[Definition, list[Examined]] = {}
        for one in examined:
            by_function.setdefault(one.duty.definition, []).append(one)
        found: list[Judged] = []
        mending: list[tuple[Judged, frozenset[str]]] = []
        total = sum(len(one.suspects) for one in examined)
        for one in examined:
            for number, suspect in enumerate(one.suspects):
                one_found, trial = self._judged(one, number, suspect, by_function[one.duty.definition])
                found.append(one_found)
                if isinstance(one_found.finding.fix, Fix) and isinstance(trial, Trial):
                    mending.append((one_found, trial.mends))
                progress("verify", len(found), total)
        graphs = {(one.duty.definition.path, one.duty.definition.name): one.duty.graph for one in examined}
        return _each_once([_mended_along(one, mending) for one in found], graphs)

    def _judged(
        self, one: Examined, number: int, suspect: Suspect, together: list[Examined]
    ) -> tuple[Judged, Trial | Untried]:
        edits = one.edits.get(number, suspect.plan if isinstance(suspect.plan, NoFix) else _untried(one))
        trial: Trial | Untried = (
            Untried(edits.reason, False)
            if isinstance(edits, NoFix)
            else self.trials.trial(one, suspect, edits, together)
        )
        fix: Fix | NoFix
        if isinstance(edits, NoFix) or not isinstance(suspect.plan, FixPlan):
            fix = edits if isinstance(edits, NoFix) else NoFix("not tried")
        else:
            path = one.duty.definition.path
            text, beyond = suspect.plan.semantic_patch.text, one.beyond.get(number, ())
            fix = Fix(edits, text, unified_diff(path, one.text, edits), beyond)
        finding = replace(suspect.finding, fix=fix)
        searched = not isinstance(suspect.path, NoPath) or suspect.path.exhausted
        return judged(Claim(finding, isinstance(suspect.path, Way), searched, trial)), trial


def _untried(one: Examined) -> NoFix:
    """Why a planned fix was not made: nobody sees where a name stands that is declared in what did not parse."""
    return NoFix(
        "not tried" if one.duty.graph.whole else "a part of the function did not parse, and no fix is made blindly"
    )


def judged_prototypes(every: Iterable[ProvenFinding]) -> tuple[Judged, ...]:
    """Differences between locking.rst and the headers, with what the filters say of them."""
    return tuple(replace(judged(Claim(one.finding, True, True, one.trial)), passed=one.passed) for one in every)


def _mended_along(one: Judged, mending: Iterable[tuple[Judged, frozenset[str]]]) -> Judged:
    """A finding without a fix, with the fix of another one of its function and kind that was seen to mend both."""
    here, finding = (one.finding.file, one.finding.function, one.finding.obligation.kind), one.finding
    if isinstance(finding.fix, Fix) or not isinstance(one.verdict, Accepted):
        return one
    for other, mends in mending:
        owner = other.finding
        if finding.fingerprint in mends and here == (owner.file, owner.function, owner.obligation.kind):
            return Judged(replace(finding, fix=owner.fix), one.verdict, other.passed)
    return one


def _each_once(found: Sequence[Judged], graphs: Mapping[tuple[str, str], Graph]) -> list[Judged]:
    """The findings without the fixes that a callee's fix makes as well."""
    fixed = [one.finding for one in found if isinstance(one.finding.fix, Fix)]
    once = []
    for one in found:
        finding = one.finding
        callee = mended_below(finding, graphs[finding.file, finding.function], fixed)
        why = f"{callee}(), which it calls, lacks the same and is mended itself: both fixes together give back twice"
        once.append(replace(one, finding=replace(finding, fix=NoFix(why)), passed=()) if callee else one)
    return once


def _told_apart(findings: Iterable[Judged]) -> tuple[Judged, ...]:
    """The findings in order; where several have the same fingerprint, the second and further ones get their number in."""
    seen: Counter[str] = Counter()
    ordered = []
    for one in sorted(findings, key=lambda one: (one.finding.file, one.finding.line, one.finding.obligation.id)):
        finding = one.finding
        seen[finding.fingerprint] += 1
        if (number := seen[finding.fingerprint]) > 1:
            code = f"{finding.fingerprint} {number}"
            again = fingerprint(finding.obligation.id, finding.file, finding.function, code)
            finding = replace(finding, fingerprint=again)
        ordered.append(replace(one, finding=finding))
    return tuple(ordered)


def beside_nearer(scan: Scan) -> Scan:
    """A scan of which what lies far down is as sure as the same fault nearer.  Of parts that are put together only the whole says
    that: the nearer one may stand in another part, or be gone by then."""
    sure = as_sure_as_nearer(one.finding for one in scan.findings)
    return replace(
        scan, findings=tuple(replace(one, finding=each) for one, each in zip(scan.findings, sure, strict=True))
    )


def open_index(
    tree: KernelTree,
    cache: Path,
    every: Iterable[Obligation],
    options: ScanOptions,
    progress: Progress,
    former: KernelIndex | None = None,
) -> KernelIndex:
    """The index of the tree, brought up to date; `former` is that of a tree that differs little, if there is one."""
    with ExitStack() as stack:
        index = KernelIndex(tree, cache, methods_of(every), former)
        stack.callback(index.close)  # an update that fails or is interrupted leaves no open file behind
        index.update(
            options.jobs,
            lambda done, total: progress("index", done, total),
            {(one.struct, one.method) for one in matching(every, options.rules)},
            lambda done, total: progress("parse", done, total),
        )
        stack.pop_all()
    return index


def texts_of(scan: Scan) -> Mapping[str, str]:
    """Semantic patches of the findings by a readable stem: obligation and function, numbered where there are several."""
    texts: dict[str, str] = {}
    for judged in scan.findings:
        owner, text = judged.finding.obligation, judged.finding.semantic_patch
        stem = f"{owner.struct}/{owner.short}.{judged.finding.function[:100]}"
        name, number = f"{stem}.cocci", 1
        while texts.setdefault(name, text) != text:
            number += 1
            name = f"{stem}-{number}.cocci"
    return texts
