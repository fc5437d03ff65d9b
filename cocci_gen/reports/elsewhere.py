"""How a function stands to an obligation x the findings of the run -> what another function does against the same."""

from __future__ import annotations

import re

from cocci_gen.reports.record import RunRecord
from cocci_gen.scan.pipeline import Judged
from cocci_gen.scan.standings import Standing


def told_elsewhere(record: RunRecord, standing: Standing) -> tuple[Judged, ...]:
    """The findings about the same obligation that stand in another function, and whose way goes through this one: what it
    looks at is freed there, say."""
    word = re.compile(rf"\b{re.escape(standing.function)}\(\)")
    return tuple(
        one
        for one in record.findings
        if one.finding.obligation.id == standing.obligation
        and (one.finding.file, one.finding.function) != (standing.path, standing.function)
        and any(
            word.search(step.note) and (step.file == standing.path or not _here(record, one, standing))
            for step in one.finding.way
        )
    )


def _here(record: RunRecord, judged: Judged, standing: Standing) -> bool:
    """Whether the file of a finding has a bound function of that name itself: its steps mean that one."""
    file = judged.finding.file
    return any((one.path, one.function) == (file, standing.function) for one in record.standings)
