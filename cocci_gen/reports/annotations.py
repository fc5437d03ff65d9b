"""The findings of a run -> what the forges show beside the lines of a change: GitHub's commands, GitLab's code quality."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cocci_gen.reports.hostile import legal, one_line
from cocci_gen.reports.record import accepted
from cocci_gen.reports.selection import message_of
from cocci_gen.scan.pipeline import Judged

_COMMANDS = {"high": "error", "moderate": "warning", "low": "notice"}
_SEVERITIES = {"high": "critical", "moderate": "major", "low": "info"}


def github(selected: Sequence[Judged]) -> Iterator[str]:
    """One workflow command per open finding; whatever the tree wrote is escaped, so that it can be no command of its own."""
    for one in selected:
        if not accepted(one):
            continue
        finding = one.finding
        title = f"{finding.obligation.id} ({finding.confidence})"
        place = f"file={_property(finding.file)},line={max(finding.line, 1)},title={_property(title)}"
        rule = f"{finding.obligation.source.path}:{finding.obligation.source.line}: {finding.obligation.source.quote}"
        message = f"{message_of(finding)} [{finding.fingerprint}]\n{rule}"
        yield f"::{_COMMANDS[finding.confidence]} {place}::{_data(message)}"


def _data(text: str) -> str:
    """Text behind the second `::`."""
    return legal(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """A value in front of it."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def gitlab(selected: Sequence[Judged]) -> list[dict[str, object]]:
    """A code quality report of the open findings."""
    return [
        {
            "description": one_line(f"{message_of(one.finding)} ({one.finding.confidence})"),
            "check_name": one.finding.obligation.id,
            "fingerprint": one.finding.fingerprint,
            "severity": _SEVERITIES[one.finding.confidence],
            "location": {"path": legal(one.finding.file), "lines": {"begin": max(one.finding.line, 1)}},
        }
        for one in selected
        if accepted(one)
    ]
