"""What a run reports, beside the verdicts on its tree -> the findings that nobody has read, and the verdicts that it lost.

After a change of a rule the verdicts must be brought up to date: a finding that is new is read in the source and gets its entry,
a verdict without its finding goes, or the rule has become blind.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cocci_gen.corpus.records import VerdictRecord

_DOCUMENTS = "prototype"


@dataclass(frozen=True, slots=True)
class Reported:
    """What identifies a finding of a run among the verdicts, and what it says."""

    file: str
    function: str
    obligation: str
    statement: str
    condition: str
    outcome: str
    confidence: str
    line: int
    message: str

    @property
    def key(self) -> tuple[str, ...]:
        """What a verdict is about."""
        return self.file, self.function, self.obligation, self.statement, self.condition, self.outcome, self.confidence


@dataclass(frozen=True, slots=True)
class Unread:
    """The findings without a verdict, and the verdicts without a finding."""

    new: tuple[Reported, ...]
    lost: tuple[VerdictRecord, ...]


def reported(findings: Iterable[Mapping[str, Any]]) -> tuple[Reported, ...]:
    """The lines of a findings.jsonl; a difference of a document has no exit and no condition."""
    found = []
    for one in findings:
        code = one["kind"] != _DOCUMENTS
        found.append(
            Reported(
                one["file"],
                one["function"],
                one["obligation"],
                one["breach"]["statement"] if code else "",
                one["breach"]["condition"] if code else "",
                one["verdict"],
                one["confidence"],
                one["line"],
                one["message"],
            )
        )
    return tuple(found)


def unread(findings: Iterable[Reported], records: Sequence[VerdictRecord]) -> Unread:
    """Two findings that look alike need two verdicts."""
    judged = Counter(record.key for record in records)
    new = []
    for one in findings:
        if judged[one.key] > 0:
            judged[one.key] -= 1
        else:
            new.append(one)
    lost = []
    for record in records:
        if judged[record.key] > 0:
            judged[record.key] -= 1
            lost.append(record)
    return Unread(tuple(new), tuple(lost))


def unread_to_text(found: Unread) -> str:
    """Entries to be completed and pasted into the file of verdicts, and the lost ones as comments."""
    blocks = [_entry(one) for one in found.new]
    blocks += [f"# not reported any more: {' '.join(part for part in record.key if part)}" for record in found.lost]
    return "\n\n".join(blocks)


def _entry(one: Reported) -> str:
    names = {name: name for name in ("file", "function", "obligation", "condition", "outcome", "confidence")}
    names = {"file": "file", "function": "function", "obligation": "obligation", "exit": "statement", **names}
    said = [f"# {one.file}:{one.line}: {one.message}", "[[finding]]"]
    said += [f"{name} = {json.dumps(getattr(one, member), ensure_ascii=False)}" for name, member in names.items()]
    return "\n".join([*said, 'verdict = ""', 'reason = ""'])
