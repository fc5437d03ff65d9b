"""What changes break -> lines for people, plain values for programs."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator, Sequence

from cocci_gen.facts.tree.differences import Place
from cocci_gen.kinds.duties import Unexamined
from cocci_gen.reports.text import finding_line
from cocci_gen.runs.checks import Outcome, Since, mended_by, menders
from cocci_gen.runs.scan_json import finding_to_json
from cocci_gen.scan.checking import Checked
from cocci_gen.scan.pipeline import Judged

#: Functions that a line names at most.
_NAMED = 4


def change_lines(outcome: Outcome) -> Iterator[str]:
    """Each change that was looked at, those that do nothing too, what was there before, and the counts."""
    for number, checked in enumerate(outcome.checked):
        yield from list(_lines(checked, outcome.checked[number + 1 :])) or [_quiet(checked)]
    for one in outcome.stopped:
        yield f"not looked at: {', '.join(one.left)}, since {one.left[0]} does not apply"
    if left := outcome.left:
        yield "still there, in what the changes touch:"
        yield from (f"  still {finding_line(one)}" for one in _ordered(left))
    for since in outcome.since:
        yield from _since_lines(since)
    yield summary_line(outcome)


def summary_line(outcome: Outcome) -> str:
    """The counts in one line: against what the changes apply to, and against each earlier version of them."""
    counts = Counter(one.finding.confidence.value for one in outcome.new)
    sure = ", ".join(f"{counts[level]} {level}" for level in ("high", "moderate", "low") if counts[level])
    new = f"{len(outcome.new)} new{f' ({sure})' if sure else ''}"
    gone = sum(len(checked.gone) for checked in outcome.checked)
    functions = sum(checked.functions for checked in outcome.checked)
    changes = f"{len(outcome.checked)} {'change' if len(outcome.checked) == 1 else 'changes'}"
    looked = f"{functions} {'function' if functions == 1 else 'functions'} looked at"
    against = " against what they apply to" if outcome.since else ""
    counted = f"{changes}: {new}, {len(outcome.left)} still there, {gone} gone{against}"
    return "; ".join((counted, *map(_since_counts, outcome.since), looked))


def _since_counts(since: Since) -> str:
    return f"since {since.name}: {len(since.new)} new, {len(since.still)} still there, {len(since.gone)} gone"


def _lines(checked: Checked, later: Sequence[Checked]) -> Iterator[str]:
    if not (checked.new or checked.gone or checked.unexamined or checked.beyond):
        return
    change = checked.change
    yield f"{change.name} {change.subject}".rstrip()
    for found in _ordered(checked.new):
        yield f"  new   {finding_line(found)}"
        if mender := mended_by(found, later):
            yield f"        {mender} mends it, and what stands between them is broken"
    yield from (f"  gone  {finding_line(one)}" for one in _ordered(checked.gone))
    for one in checked.unexamined:
        yield f"  not examined any more: {one.path}:{one.line}: {one.function}() [{one.obligation}]: {one.reason}"
    if checked.beyond:
        yield f"  not looked at: {_listed(checked.beyond)} and what comes to them by calls; `cocci-gen scan` looks at all of them"


def _listed(places: Sequence[Place]) -> str:
    """Some functions, the first of many by name."""
    named = ", ".join(f"{name}() in {path}" for path, name in places[:_NAMED])
    return named if len(places) <= _NAMED else f"{named}, {len(places) - _NAMED} more"


def _beyond_json(checked: Checked) -> list[dict[str, object]]:
    """The functions that were not looked at: no obligation stands for all of those that may bind them."""
    why = f"the change reaches more functions than are looked at ({checked.functions}); `cocci-gen scan` looks at all of them"
    return [
        dataclasses.asdict(Unexamined(obligation="", path=path, line=0, function=name, reason=why))
        for path, name in checked.beyond
    ]


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
    """The same as plain values, as `schemas/check` explains them; findings are those of findings.jsonl."""
    return {
        "format": 1,
        "changes": [
            {
                "name": one.change.name,
                "subject": one.change.subject,
                "new": [finding_to_json(judged) for judged in one.new],
                "mended_by": mended,
                "gone": [finding_to_json(judged) for judged in one.gone],
                "still": [finding_to_json(judged) for judged in one.still],
                "unexamined": [*(dataclasses.asdict(missing) for missing in one.unexamined), *_beyond_json(one)],
                "functions": one.functions,
            }
            for one, mended in menders(outcome)
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
