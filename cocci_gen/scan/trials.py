"""An Examined, a suspect and its edits -> Trial: the mended file is parsed, scanned, and mended again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from cocci_gen.coccinelle.slices import slice_of
from cocci_gen.coccinelle.spatch import Clean, Failed, Matched, Outcome, Patched, Slice, SpatchRunner, TimedOut
from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.code.searches.paths import Path
from cocci_gen.code.texts.reading import Reading
from cocci_gen.code.texts.source import FunctionSpan, file_facts
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.findings.edits import edits_between, edits_near, moved
from cocci_gen.findings.findings import Edit, FixDoesNotApply, apply_edits
from cocci_gen.findings.trials import Trial, Untried
from cocci_gen.kinds.duties import Duty, TreeFacts
from cocci_gen.kinds.suspects import FixPlan, Rule, Suspect
from cocci_gen.scan.examined import Examined, job_of, outcome_words

#: A kind -> the one that is mended first: who tells of the missing unlock tells of the writeback that would stand around it.
_FIRST = {"writeback": "unlocks"}


class FixTrials:
    """Tries fixes of one scan; `jobs` counts what it asked of spatch, `unfinished` are the questions that got no answer."""

    def __init__(self, runner: SpatchRunner, facts: TreeFacts, timeout: float) -> None:
        self.runner = runner
        self.facts = facts
        self.timeout = timeout
        self.jobs = 0
        self.unfinished: list[tuple[Duty, str]] = []

    def trial(
        self, one: Examined, suspect: Suspect, edits: tuple[Edit, ...], together: list[Examined]
    ) -> Trial | Untried:
        """How the edits of one suspect fare; `together` are all duties of the same function, `one` among them."""
        try:
            mended = apply_edits(one.text, edits)
        except FixDoesNotApply as error:
            return Trial(False, False, False, (), False, str(error))
        path = one.duty.definition.path
        before, after = self.runner.parse_check(Slice(path, one.text)), self.runner.parse_check(Slice(path, mended))
        parses = after.is_as_good_as(before)
        spans = file_facts(mended, frozenset(), self.facts.index.version).functions
        again = [self._again(other.rule, other.duty, mended, spans) for other in together]
        line = suspect.finding.line
        first = _FIRST.get(suspect.finding.obligation.kind)
        beside = (told for other in together for told in other.suspects if told.finding.obligation.kind == first)
        others = {_way(told) for told in beside if told.finding.line == line}
        still, new, failed = [], [], ""
        gone: set[str] = set()
        for other, duty in zip(together, again, strict=True):
            if duty is None:
                failed = "the mended function does not parse"
                continue
            outcome = self._outcome(
                duty,
                other.rule.semantic_patch(duty).text,
                _slice(duty, mended, spans, self.facts.index.reading(duty.definition.path)),
            )
            if not isinstance(outcome, Matched | Clean):
                failed = outcome_words(outcome)
                continue
            lines = outcome.lines if isinstance(outcome, Matched) else ()
            known = _ranks(other.suspects, edits)
            left = other.rule.judge(duty, lines, "")
            gone |= _sure(other.suspects) - _sure(left)
            elsewhere = _come_elsewhere([s for s in other.suspects if s is not suspect], left, edits)
            for after_suspect in left:
                if not isinstance(after_suspect.path, Path):
                    continue
                at_once = other is one and after_suspect.finding.line == moved(line, edits)
                if at_once and after_suspect.finding.confidence.rank < suspect.finding.confidence.rank:
                    continue  # a doubtful one by another way to the same exit, which the sure one hid
                if at_once and _way(after_suspect) != _way(suspect) and _way(after_suspect) in others:
                    continue  # by the way on which what comes first is missing, too, and is told
                if at_once:
                    still.append(after_suspect.finding.message)
                elif after_suspect.finding.confidence.rank > known.get(after_suspect.finding.line, -1):
                    new += sorted({after_suspect.finding.message} - elsewhere)
        if failed:
            return Untried(failed, True)
        new += self._newly_broken(one, mended, spans)
        converges = self._converges(one, suspect, edits, mended, spans, again[together.index(one)])
        mends = frozenset(gone - {suspect.finding.fingerprint})
        return Trial(True, parses, not still, tuple(new), converges, "", mends)

    def _again(self, rule: Rule[Any], duty: Duty, mended: bytes, spans: Sequence[FunctionSpan]) -> Duty | None:
        """The duty as it stands in the mended file."""
        found = self._mended(duty, mended, spans)
        if found is None:
            return None
        span, graph = found
        edited: Duty = rule.again(duty, Definition(duty.definition.path, "", span), graph, self.facts)
        return edited

    def _mended(self, duty: Duty, mended: bytes, spans: Sequence[FunctionSpan]) -> tuple[FunctionSpan, Graph] | None:
        """The function of a duty in the mended file."""
        named = [span for span in spans if span.name == duty.graph.name]
        if not named:
            return None
        span = min(named, key=lambda span: abs(span.start - duty.definition.span.start))
        graph = graph_of(mended[span.start : span.end], span.line, self.facts.index.reading(duty.definition.path))
        return None if graph is None else (span, graph)

    def _newly_broken(self, one: Examined, mended: bytes, spans: Sequence[FunctionSpan]) -> tuple[str, ...]:
        """What is wrong in the mended function that was not before, and that none of its duties is about."""
        from cocci_gen.kinds.registry import WHOLE_LOOKS  # 0.3 s, which a scan that is remembered does without

        definition, found = one.duty.definition, self._mended(one.duty, mended, spans)
        if found is None:
            return ()
        span, graph = found
        old = one.text[definition.span.start : definition.span.end]
        before, after = (one.duty.graph, old), (graph, mended[span.start : span.end])
        return tuple(words for look in WHOLE_LOOKS for words in look(definition, before, after, self.facts))

    def _outcome(self, duty: Duty, semantic_patch: str, sliced: Slice) -> Outcome:
        self.jobs += 1
        ((_, outcome),) = self.runner.run([job_of(duty, semantic_patch, sliced, self.timeout)])
        if isinstance(outcome, Failed | TimedOut):
            self.unfinished.append((duty, outcome_words(outcome)))
        return outcome

    def _converges(
        self,
        one: Examined,
        suspect: Suspect,
        edits: tuple[Edit, ...],
        mended: bytes,
        spans: Sequence[FunctionSpan],
        duty: Duty | None,
    ) -> bool:
        if not isinstance(suspect.plan, FixPlan) or duty is None:
            return False
        sliced = _slice(duty, mended, spans, self.facts.index.reading(duty.definition.path))
        outcome = self._outcome(duty, suspect.plan.semantic_patch.text, sliced)
        if not isinstance(outcome, Patched):
            return isinstance(outcome, Clean)
        rivals = [moved(line, edits) for line in (*one.anchors(), *suspect.plan.others)]
        mended_lines = [moved(line, edits) for line in suspect.plan.anchors]
        return not edits_near(edits_between(sliced.text, outcome.text), mended_lines, rivals)


def _way(suspect: Suspect) -> tuple[str, bool]:
    """By which last test a suspect comes to its exit."""
    return suspect.finding.breach.condition, suspect.finding.breach.taken


def _ranks(suspects: Iterable[Suspect], edits: tuple[Edit, ...]) -> dict[int, int]:
    """How sure of its lines, as they stand in the mended file, something was told."""
    found: dict[int, int] = {}
    for one in suspects:
        line = moved(one.finding.line, edits)
        found[line] = max(found.get(line, -1), one.finding.confidence.rank)
    return found


def _come_elsewhere(before: Iterable[Suspect], after: Iterable[Suspect], edits: tuple[Edit, ...]) -> frozenset[str]:
    """What was told of exits of which nothing is told any more: who goes to a label with it ends at another exit, as wrong as he
    was."""
    lines = {one.finding.line for one in after}
    return frozenset(one.finding.message for one in before if moved(one.finding.line, edits) not in lines)


def _sure(suspects: Iterable[Suspect]) -> set[str]:
    """The fingerprints of the suspects to which a way leads."""
    return {one.finding.fingerprint for one in suspects if isinstance(one.path, Path)}


def _slice(duty: Duty, mended: bytes, spans: Sequence[FunctionSpan], reading: Reading) -> Slice:
    """The function of a duty cut from the mended file, whose functions stand at `spans`."""
    path = duty.definition.path
    functions = [Definition(path, "", span) for span in spans]
    return Slice(path, slice_of(mended, functions, {duty.definition.span.start}, reading))
