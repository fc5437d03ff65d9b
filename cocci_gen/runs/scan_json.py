"""Scan, Judged and Standing <-> JSON: the lines of a run folder's files, and a whole scan to be remembered."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from typing import Any

from cocci_gen.document.obligations import Obligation, RuleSource
from cocci_gen.errors import CocciGenError
from cocci_gen.facts.calls.steps import Step
from cocci_gen.filters import Accepted, Reason, Rejected
from cocci_gen.findings.findings import Breach, Confidence, Edit, Finding, Fix, NoFix, Registration
from cocci_gen.findings.stored import built, one_of, read_json, typed
from cocci_gen.kinds.duties import Unexamined
from cocci_gen.kinds.settled import Helper
from cocci_gen.scan.coverage import Coverage
from cocci_gen.scan.pipeline import Judged, Scan
from cocci_gen.scan.standings import Stand, Standing

#: Characters of a function's name that go into a file name: no name in a tree may be too long for the disk.
_NAME = 100


class RememberedScanError(CocciGenError):
    """What was remembered is no scan."""


def encoded(text: str) -> bytes:
    """Text as it stood in the tree, bytes that are no UTF-8 among it."""
    return text.encode("utf-8", "surrogateescape")


def _fields(value: Any) -> dict[str, object]:
    """A dataclass as JSON takes it; TypeError for anything else."""
    kind: Any = type(value)
    return {name: getattr(value, name) for name in _names(kind)}


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(item.name for item in dataclasses.fields(kind))


#: One for all lines of a run: `json.dumps` would make one for each.
_JSON = json.JSONEncoder(ensure_ascii=True, sort_keys=True, default=_fields)


def json_line(value: object) -> bytes:
    """A value of ours as one line of ASCII, its end included."""
    return _JSON.encode(value).encode("ascii") + b"\n"


def diff_name(finding: Finding) -> str:
    """Where a finding's diff lies in the run folder."""
    return f"diffs/{finding.obligation.short}.{finding.function[:_NAME]}.{finding.fingerprint}.diff"


def finding_to_json(judged: Judged) -> dict[str, object]:
    """A finding with its verdict as plain values: one line of findings.jsonl."""
    finding = judged.finding
    source = finding.obligation.source
    fixed = isinstance(finding.fix, Fix)
    return {
        "fingerprint": finding.fingerprint,
        "obligation": finding.obligation.id,
        "kind": finding.obligation.kind,
        "file": finding.file,
        "function": finding.function,
        "line": finding.line,
        "message": finding.message,
        "confidence": finding.confidence.value,
        "rule": {"path": source.path, "line": source.line, "quote": source.quote},
        "evidence": [_fields(step) for step in finding.evidence],
        "registrations": [_fields(one) for one in finding.registrations],
        "breach": _fields(finding.breach),
        "fix": diff_name(finding) if fixed else None,
        "fix_reason": None if isinstance(finding.fix, Fix) else finding.fix.reason,
        "edits": [_edit_json(edit) for edit in finding.fix.edits] if isinstance(finding.fix, Fix) else [],
        "fix_semantic_patch": finding.fix.semantic_patch if isinstance(finding.fix, Fix) else "",
        "fix_beyond": list(finding.fix.beyond) if isinstance(finding.fix, Fix) else [],
        "semantic_patch": finding.semantic_patch,
        "owner": {name: value for name, value in _fields(finding.obligation).items() if name != "source"},
        "verdict": "accepted" if isinstance(judged.verdict, Accepted) else "rejected",
        "reasons": [_fields(reason) for reason in judged.verdict.reasons]
        if isinstance(judged.verdict, Rejected)
        else [],
        "passed": list(judged.passed),
        "fix_refused": [_fields(reason) for reason in judged.refused],
    }


def _edit_json(edit: Edit) -> dict[str, object]:
    return {
        "line": edit.line,
        "old": [line.decode("utf-8", "surrogateescape") for line in edit.old],
        "new": [line.decode("utf-8", "surrogateescape") for line in edit.new],
    }


def findings_to_bytes(findings: Iterable[Judged]) -> bytes:
    """Findings as lines of JSON, without their fixes: there is nothing to mend any more."""
    gone = NoFix("the change has mended it")
    return b"".join(
        json_line(finding_to_json(replace(one, finding=replace(one.finding, fix=gone)))) for one in findings
    )


def standing_from_json(data: dict[str, Any], built: Callable[..., Any] = built) -> Standing:
    """A line of examined.jsonl; ValueError, KeyError or TypeError for what is none."""
    steps = tuple(built(Step, one) for one in data["steps"])
    standing: Standing = built(
        Standing, data, stand=one_of(Stand, data["stand"]), fingerprints=tuple(data["fingerprints"]), steps=steps
    )
    return standing


def helper_from_json(data: dict[str, Any], built: Callable[..., Any] = built) -> Helper:
    """A line of helpers.jsonl; ValueError, KeyError or TypeError for what is none."""
    helper: Helper = built(Helper, data, through=tuple(data["through"]))
    return helper


def _trusted(kind: Callable[..., Any], values: dict[str, Any], **more: object) -> object:
    """The same as `built` of what nobody edits: a remembered scan has tens of thousands of standings."""
    return kind(**{**values, **more})


def scan_to_bytes(scan: Scan) -> bytes:
    """A scan as JSON, to be remembered; `scan_from_bytes` gives it back."""
    findings = [
        {**finding_to_json(one), "diff": one.finding.fix.diff if isinstance(one.finding.fix, Fix) else ""}
        for one in scan.findings
    ]
    figures = {"functions": scan.functions, "files": scan.files, "jobs": scan.jobs, "looked": scan.looked}
    figures |= {"coverage": scan.coverage, "named": scan.named, "helpers": scan.helpers}
    return json_line({**figures, "findings": findings, "unexamined": scan.unexamined, "standings": scan.standings})


def scan_from_bytes(data: bytes, commit: str, obligations: tuple[Obligation, ...]) -> Scan:
    """What `scan_to_bytes` wrote, as the scan of a commit; RememberedScanError when it is something else."""
    try:
        read = read_json(data)
        return Scan(
            commit=commit,
            obligations=obligations,
            findings=tuple(judged_from_json(one, one["diff"]) for one in read["findings"]),
            unexamined=tuple(Unexamined(**one) for one in read["unexamined"]),
            functions=read["functions"],
            files=read["files"],
            jobs=read["jobs"],
            cached_jobs=read["jobs"],
            standings=tuple(standing_from_json(one, _trusted) for one in read["standings"]),
            coverage=Coverage(**read["coverage"]),
            looked=tuple((path, name, line) for path, name, line in read["looked"]),
            named=tuple((path, name) for path, name in read["named"]),
            helpers=tuple(helper_from_json(one, _trusted) for one in read["helpers"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise RememberedScanError(
            f"the remembered scan cannot be read ({error}); remove the cache and scan again"
        ) from error


def judged_from_json(data: dict, diff: str) -> Judged:  # type: ignore[type-arg]
    """What `finding_to_json` wrote, with the diff of its fix; ValueError and the like for what is none."""
    rule = data["rule"]
    source = RuleSource(rule["path"], rule["line"], rule["quote"])
    obligation = built(Obligation, data["owner"], names=tuple(data["owner"]["names"]), source=source)
    fix: Fix | NoFix = NoFix(data["fix_reason"] or "")
    if data["fix"] is not None:
        fix = Fix(
            tuple(_edit(edit) for edit in data["edits"]),
            data["fix_semantic_patch"],
            diff,
            tuple(data.get("fix_beyond", ())),
        )
    lists = {name: tuple(data["breach"].get(name, ())) for name in ("missing", "left_out")}
    breach = built(Breach, data["breach"], **lists)
    finding = Finding(
        fingerprint=data["fingerprint"],
        obligation=obligation,
        file=data["file"],
        function=data["function"],
        line=data["line"],
        message=data["message"],
        confidence=one_of(Confidence, data["confidence"]),
        breach=breach,
        registrations=tuple(built(Registration, one) for one in data["registrations"]),
        evidence=tuple(built(Step, one) for one in data["evidence"]),
        semantic_patch=data["semantic_patch"],
        fix=fix,
    )
    reasons = tuple(built(Reason, one) for one in data["reasons"])
    refused = tuple(built(Reason, one) for one in data["fix_refused"])
    return typed(Judged(finding, Rejected(reasons) if reasons else Accepted(), tuple(data["passed"]), refused))


def _edit(data: dict) -> Edit:  # type: ignore[type-arg]
    def lines(key: str) -> tuple[bytes, ...]:
        return tuple(encoded(line) for line in data[key])

    return Edit(data["line"], lines("old"), lines("new"))
