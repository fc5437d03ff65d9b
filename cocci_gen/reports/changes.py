"""What changes break -> lines for people, plain values for programs."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator, Sequence

from cocci_gen.reports.text import finding_line
from cocci_gen.runs.checks import Outcome, Since
from cocci_gen.runs.folder import finding_to_json
from cocci_gen.scan.checking import Checked
from cocci_gen.scan.pipeline import Judged


def change_lines(outcome: Outcome, *, quiet: bool = False) -> Iterator[str]:
    """Each change that does anything, with `quiet` also those that do nothing, what was there before, and the counts."""
    for checked in outcome.checked:
        if lines := list(_lines(checked)):
            yield from lines
        elif quiet:
            yield _quiet(checked)
    for one in outcome.stopped:
        yield f"not looked at: {', '.join(one.left)}, since {one.left[0]} does not apply"
    if left := outcome.left:
        yield "still there, in what the changes touch:"
        yield from (f"  still {finding_line(one)}" for one in _ordered(left))
    for since in outcome.since:
        yield from _since_lines(since)
    yield summary_line(outcome)


def summary_line(outcome: Outcome) -> str:
    """The counts in one line."""
    counts = Counter(one.finding.confidence.value for one in outcome.new)
    sure = ", ".join(f"{counts[level]} {level}" for level in ("high", "moderate", "low") if counts[level])
    new = f"{len(outcome.new)} new{f' ({sure})' if sure else ''}"
    gone = sum(len(checked.gone) for checked in outcome.checked)
    functions = sum(checked.functions for checked in outcome.checked)
    changes = f"{len(outcome.checked)} {'change' if len(outcome.checked) == 1 else 'changes'}"
    looked = f"{functions} {'function' if functions == 1 else 'functions'} looked at"
    return f"{changes}: {new}, {len(outcome.left)} still there, {gone} gone; {looked}"


def _lines(checked: Checked) -> Iterator[str]:
    if not (checked.new or checked.gone or checked.unexamined or checked.cut):
        return
    change = checked.change
    yield f"{change.name} {change.subject}".rstrip()
    yield from (f"  new   {finding_line(one)}" for one in _ordered(checked.new))
    yield from (f"  gone  {finding_line(one)}" for one in _ordered(checked.gone))
    for one in checked.unexamined:
        yield f"  not examined any more: {one.path}:{one.line}: {one.function}() [{one.obligation}]: {one.reason}"
    if checked.cut:
        yield "  it reaches more functions than are looked at here; `scan` looks at all of them"


def _since_lines(since: Since) -> Iterator[str]:
    """What differs from an earlier version, in what the two bring."""
    yield f"since {since.name}:"
    for word, found in (("new  ", since.new), ("still", since.still), ("gone ", since.gone)):
        yield from (f"  {word} {finding_line(one)}" for one in _ordered(found))
    yield from (f"  not examined any more: {finding_line(one)}" for one in _ordered(since.unexamined))
    if not any((since.new, since.still, since.gone, since.unexamined)):
        yield "  neither of the two brings anything"


def _quiet(checked: Checked) -> str:
    """A change that breaks and mends nothing, by name: who sent it wants to see that it was looked at."""
    why = "nothing new" if checked.functions else "nothing new, no function is changed"
    return f"{checked.change.name} {checked.change.subject}".rstrip() + f": {why}"


def _ordered(found: Sequence[Judged]) -> list[Judged]:
    return sorted(found, key=lambda one: (-one.finding.confidence.rank, one.finding.file, one.finding.line))


def changes_json(outcome: Outcome) -> dict[str, object]:
    """The same as plain values; findings are those of findings.jsonl."""
    return {
        "format": 1,
        "changes": [
            {
                "name": one.change.name,
                "subject": one.change.subject,
                "new": [finding_to_json(judged) for judged in one.new],
                "gone": [finding_to_json(judged) for judged in one.gone],
                "still": [finding_to_json(judged) for judged in one.still],
                "unexamined": [dataclasses.asdict(missing) for missing in one.unexamined],
                "functions": one.functions,
                "cut": one.cut,
            }
            for one in outcome.checked
        ],
        "since": [
            {
                "name": one.name,
                "new": [finding_to_json(judged) for judged in one.new],
                "still": [finding_to_json(judged) for judged in one.still],
                "gone": [finding_to_json(judged) for judged in one.gone],
                "unexamined": [finding_to_json(judged) for judged in one.unexamined],
            }
            for one in outcome.since
        ],
        "not_applied": [one.reason for one in outcome.stopped],
    }
