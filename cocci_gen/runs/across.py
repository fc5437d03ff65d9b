"""Runs of one module over several kernels -> a table of what breaks where."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from cocci_gen.filters import Accepted
from cocci_gen.findings.findings import Finding
from cocci_gen.scan.pipeline import Scan


@dataclass(frozen=True, slots=True)
class Column:
    """One kernel: what names it, where its run lies, what was found."""

    label: str
    folder: Path
    scan: Scan

    def accepted(self) -> dict[str, Finding]:
        """The findings that nothing speaks against, by fingerprint."""
        return {one.finding.fingerprint: one.finding for one in self.scan.findings if isinstance(one.verdict, Accepted)}

    def unknown(self, finding: Finding) -> bool:
        """Whether this run could not look at the function of a finding."""
        asked = {one.id for one in self.scan.obligations}
        missing = {(one.obligation, one.path, one.function) for one in self.scan.unexamined}
        place = (finding.obligation.id, finding.file, finding.function)
        return finding.obligation.id in asked and (place in missing or (*place[:2], "") in missing)

    def without_rule(self, finding: Finding) -> bool:
        """Whether this kernel's rules ask for no such thing."""
        return finding.obligation.id not in {one.id for one in self.scan.obligations}


def folder_name(label: str, taken: Collection[str]) -> str:
    """A label -> the name of its run folder, another one for each."""
    name = re.sub(r"[^\w.+-]+", "-", label, flags=re.ASCII).strip(".-") or "kernel"
    others = [re.sub(r"[^\w.+-]+", "-", one, flags=re.ASCII).strip(".-") for one in taken]
    return f"{name}-{others.count(name) + 1}" if name in others else name


def across(columns: Sequence[Column]) -> str:
    """The table: `X` found, `.` examined and not found, `?` not examined, `-` no such rule in that kernel."""
    found: dict[str, Finding] = {}
    per_column = [column.accepted() for column in columns]
    for accepted in per_column:
        found = {**accepted, **found}
    order = sorted(found.values(), key=lambda one: (-one.confidence.rank, one.file, one.line, one.obligation.id))
    heads = [column.label for column in columns]
    lines = ["", "  ".join(heads) + "  what breaks (X found, . not found, ? not examined, - no such rule there)"]
    for finding in order:
        marks = [
            _mark(column, accepted, finding).center(len(head))
            for column, accepted, head in zip(columns, per_column, heads, strict=True)
        ]
        text = f"{finding.file}:{finding.line}: {finding.confidence}: {finding.message} [{finding.obligation.short}]"
        lines.append("  ".join(marks) + f"  {text}")
    counts = [str(len(accepted)).center(len(head)) for accepted, head in zip(per_column, heads, strict=True)]
    lines.append("  ".join(counts) + "  findings")
    examined = [str(column.scan.functions).center(len(head)) for column, head in zip(columns, heads, strict=True)]
    lines.append("  ".join(examined) + "  functions examined")
    return "\n".join(lines)


def _mark(column: Column, accepted: Collection[str], finding: Finding) -> str:
    if finding.fingerprint in accepted:
        return "X"
    return "-" if column.without_rule(finding) else "?" if column.unknown(finding) else "."
