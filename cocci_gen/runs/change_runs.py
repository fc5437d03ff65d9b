"""What a check has found -> a run folder as a scan leaves it, of the functions that the change reaches.

Its findings are marked new or still there, and what is gone lies beside them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cocci_gen.coccinelle.spatch import find_version
from cocci_gen.errors import UsageProblem
from cocci_gen.runs.checks import Outcome, menders
from cocci_gen.runs.folder import GONE, LAID
from cocci_gen.runs.laid import Layer, layers_to_bytes
from cocci_gen.runs.making import Request, Run, write_scan
from cocci_gen.runs.scan_json import findings_to_bytes
from cocci_gen.scan.pipeline import Judged, Scan


def write_change_run(
    request: Request, outcome: Outcome, layers: Sequence[Layer], name: str, asked: Sequence[str]
) -> Run:
    """How the check was asked for, its outcome (with all changes as one), what was laid over the revision (nothing where commits
    were checked), what the change is called and the options that name it -> the run, in its folder.

    UsageProblem where no change was looked at.
    """
    if not outcome.whole:
        raise UsageProblem(f"nothing was checked, so {request.out} gets no run")
    (looked,) = outcome.whole
    checked = looked.checked
    change: dict[str, object] = {
        "name": name,
        "asked": list(asked),
        "changes": [
            {
                "name": one.change.name,
                "subject": one.change.subject,
                "new": _names(one.new),
                "mended_by": mended,
                "gone": _names(one.gone),
            }
            for one, mended in menders(outcome)
        ],
        "not_applied": [one.reason for one in outcome.stopped],
        "new": _names(checked.new),
        "still": _names(checked.still),
        "gone": _names(checked.gone),
        "since": [
            {"name": one.name, "new": _names(one.new), "still": _names(one.still), "gone": _names(one.gone)}
            for one in outcome.since
        ],
    }
    gone = [*checked.gone, *(judged for one in outcome.since for judged in one.gone)]
    beside = {GONE: findings_to_bytes([*gone, *_came_and_went(outcome, looked.after, gone)])}
    if layers:
        beside[LAID] = layers_to_bytes(layers)
    return write_scan(checked.change.after, request, looked.after, find_version(request.program), change, beside)


def _came_and_went(outcome: Outcome, after: Scan, gone: Iterable[Judged]) -> list[Judged]:
    """What one change brings and a later one ends: the check names it, and so it can be asked about."""
    brought = {judged.finding.fingerprint: judged for one in outcome.checked for judged in one.new}
    kept = {judged.finding.fingerprint for judged in (*after.findings, *gone)}
    return [judged for name, judged in brought.items() if name not in kept]


def _names(findings: Iterable[Judged]) -> list[str]:
    return [one.finding.fingerprint for one in findings]
