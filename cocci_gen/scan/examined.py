"""A Duty -> Examined, the duty on its way through the stages, and the jobs that spatch does for it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from cocci_gen.coccinelle.spatch import Failed, Job, NotParsed, Outcome, Slice, TimedOut
from cocci_gen.code.texts.head_forms import words_of_some_heads
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.findings.edits import stand_in
from cocci_gen.findings.findings import Edit, NoFix
from cocci_gen.kinds.duties import Duty
from cocci_gen.kinds.suspects import FixPlan, Rule, Suspect


@dataclass(slots=True)
class Examined:
    """A duty on its way through the stages."""

    rule: Rule[Any]
    duty: Duty
    text: bytes
    slice: Slice
    semantic_patch: str
    suspects: tuple[Suspect, ...] = ()
    edits: dict[int, tuple[Edit, ...] | NoFix] = field(default_factory=dict)
    #: The lines at which the semantic patch of a suspect changes more than its fix.
    beyond: dict[int, tuple[int, ...]] = field(default_factory=dict)

    def question(self) -> tuple[str, Definition, str, str]:
        """What is asked of which function: the semantic patch without its first line, which cites the rule, and about what."""
        text = self.semantic_patch.split("\n", 1)[-1]
        return self.duty.obligation.id, self.duty.definition, text, self.duty.about

    def anchors(self) -> list[int]:
        """The lines next to which the suspects are, or would be, mended."""
        planned = (s.plan.anchors if isinstance(s.plan, FixPlan) else (s.finding.line,) for s in self.suspects)
        return [line for lines in planned for line in lines]

    def unwritable(self, edits: Iterable[Edit]) -> str:
        """Why edits cannot be made in the file as it stands; "" when they can."""
        edits = tuple(edits)
        if not stand_in(self.text, edits):
            return "the fix would stand on a line that a macro or a conditional makes"
        lacking = words_of_some_heads(self.text, self.duty.definition.span.line)
        new = b"".join(line for edit in edits for line in edit.new).decode("utf-8", "surrogateescape")
        named = sorted(lacking & set(re.findall(r"[A-Za-z_]\w*", new))) if lacking else []
        return f"the fix needs {named[0]}, which one of the heads of the function lacks" if named else ""


def job_of(duty: Duty, semantic_patch: str, sliced: Slice, timeout: float) -> Job:
    """The job that runs a semantic patch over the function of a duty."""
    span = duty.definition.span
    return Job(duty.obligation.id, semantic_patch, (), sliced, timeout, (span.line, span.last_line), as_written=True)


def outcome_words(outcome: Outcome) -> str:
    """Why an outcome shows nothing, for the list of what was not examined."""
    if isinstance(outcome, TimedOut):
        return f"spatch did not finish in {outcome.seconds:g} s"
    if isinstance(outcome, Failed):
        return f"spatch failed: {outcome.reason}"
    if isinstance(outcome, NotParsed):
        return f"spatch cannot parse it: {outcome.words}"
    return "nothing matched"
