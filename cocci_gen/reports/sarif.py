"""The findings of a run -> SARIF 2.1.0, the exchange format of static analysis tools (OASIS, March 2020).

One run with one rule per obligation; of each finding the path as code flow, the fix as replacement of whole lines, the
verdicts of people as suppressions, and a fingerprint without line numbers.  What was not examined is a notification of the
tool.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
from urllib.parse import quote

from cocci_gen.document.obligations import Obligation
from cocci_gen.facts.calls.steps import Step
from cocci_gen.findings.findings import Edit, Fix
from cocci_gen.kinds.duties import Unexamined
from cocci_gen.reports.hostile import cleaned
from cocci_gen.reports.record import RunRecord, against, suppressed
from cocci_gen.reports.selection import message_of
from cocci_gen.scan.pipeline import Judged

Json = dict[str, object]

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROOT = "SRCROOT"
#: Where the rules of a module lie, which is no part of its repository.
_KERNEL = "KERNELROOT"
#: The version is that of what goes into a fingerprint: obligation, path, function and code.
FINGERPRINT = "cocciGen/v1"
_LEVELS = {"high": "error", "moderate": "warning", "low": "note"}


def sarif(record: RunRecord, selected: Sequence[Judged], known: frozenset[str] | None = None) -> Json:
    """The log; with `known`, the fingerprints of an earlier run, each result says whether it is new."""
    owners = {one.finding.obligation.id: one.finding.obligation for one in selected}
    places = {identity: number for number, identity in enumerate(sorted(owners))}
    run: Json = {
        "tool": {"driver": _driver(record, [owners[identity] for identity in sorted(owners)])},
        "invocations": [_invocation(record)],
        "originalUriBaseIds": _roots(record),
        "versionControlProvenance": [_provenance(record)],
        "columnKind": "unicodeCodePoints",
        "results": [_result(record, one, places[one.finding.obligation.id], known) for one in selected],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [cleaned(run)]}


def _roots(record: RunRecord) -> Json:
    """The folders that paths are below: that of the code, and the kernel's where a module was laid over one."""
    roots: Json = {_ROOT: {"uri": _folder_uri(record.header.tree)}}
    return roots | {_KERNEL: {"uri": _folder_uri(str(record.header.kernel))}} if record.header.module else roots


def _provenance(record: RunRecord) -> Json:
    mapped = {"mappedTo": {"uriBaseId": _ROOT}}
    return {"repositoryUri": _folder_uri(record.header.tree), "revisionId": record.header.commit, **mapped}


def _driver(record: RunRecord, owners: Iterable[Obligation]) -> Json:
    return {
        "name": "cocci-gen",
        "semanticVersion": record.header.tool_version,
        "shortDescription": {"text": "Breaches of the VFS locking rules of Documentation/filesystems/locking.rst"},
        "properties": {"spatch": record.header.spatch_version, "kernel": record.header.kernel_version},
        "rules": [_rule(one) for one in owners],
    }


def _rule(owner: Obligation) -> Json:
    source = owner.source
    return {
        "id": owner.id,
        "name": _camel(owner.short),
        "shortDescription": {"text": f"->{owner.method}() of struct {owner.struct}: {owner.kind}"},
        "fullDescription": {"text": f"{source.path}:{source.line}: {source.quote}"},
        "properties": {"kind": owner.kind, "column": owner.column, "words": owner.text},
    }


def _camel(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[._]", name))


def _invocation(record: RunRecord) -> Json:
    return {
        "executionSuccessful": record.complete,
        "commandLine": record.header.command,
        "toolExecutionNotifications": [_notification(one) for one in record.unexamined],
    }


def _notification(one: Unexamined) -> Json:
    return {
        "level": "warning",
        "message": {"text": f"{one.function}() was not examined for {one.obligation}: {one.reason}"},
        "locations": [_location(one.path, one.line, function=one.function)],
    }


def _result(record: RunRecord, judged: Judged, rule: int, known: frozenset[str] | None) -> Json:
    finding = judged.finding
    source = finding.obligation.source
    registered = [
        _location(one.file, one.line, f"struct {one.struct} {one.variable} names the function")
        for one in finding.registrations
    ]
    beside = [_location(one.file, one.line, one.note) for one in finding.beside]
    rule_root = _KERNEL if record.header.module else _ROOT
    ruled = _location(source.path, source.line, f"the rule: {source.quote}", root=rule_root)
    related = [ruled, *registered, *beside]
    result: Json = {
        "ruleId": finding.obligation.id,
        "ruleIndex": rule,
        "level": _LEVELS[finding.confidence],
        "message": {"text": message_of(finding)},
        "locations": [_location(finding.file, finding.line, function=finding.function)],
        "relatedLocations": [{"id": number, **one} for number, one in enumerate(related, 1)],
        "fingerprints": {FINGERPRINT: finding.fingerprint},
        "partialFingerprints": {FINGERPRINT: finding.fingerprint},
        "properties": {
            "confidence": finding.confidence.value,
            "passed": list(judged.passed),
            "doubts": [one.note for one in finding.doubts],
        },
        "suppressions": _suppressions(judged),
    }
    if finding.way:
        result["codeFlows"] = [_flow(finding.way)]
    if isinstance(finding.fix, Fix) and finding.fix.edits:
        result["fixes"] = [_fix(finding.file, finding.fix.edits)]
    if known is not None:
        result["baselineState"] = "unchanged" if finding.fingerprint in known else "new"
    return result


def _suppressions(judged: Judged) -> list[Json]:
    """What people or filters have against the finding; empty where nothing is, which SARIF tells from "unknown"."""
    status = "accepted" if suppressed(judged) else "underReview"
    return [
        {"kind": "external", "status": status, "justification": f"{one.filter}: {one.reason}"}
        for one in against(judged)
    ]


def _flow(steps: Iterable[Step]) -> Json:
    return {"threadFlows": [{"locations": [{"location": _location(one.file, one.line, one.note)} for one in steps]}]}


def _location(path: str, line: int, note: str = "", function: str = "", root: str = _ROOT) -> Json:
    place: Json = {"artifactLocation": {**_artifact(path), "uriBaseId": root}}
    if line > 0:  # SARIF counts from 1; 0 means the whole file
        place["region"] = {"startLine": line}
    location: Json = {"physicalLocation": place}
    if note:
        location["message"] = {"text": note}
    if function:
        location["logicalLocations"] = [{"name": function, "kind": "function"}]
    return location


def _fix(path: str, edits: Iterable[Edit]) -> Json:
    replacements = [_replacement(edit) for edit in edits]
    change = {"artifactLocation": _artifact(path), "replacements": replacements}
    return {"description": {"text": "made by the semantic patch of the rule"}, "artifactChanges": [change]}


def _replacement(edit: Edit) -> Json:
    """Whole lines: from the first column of the first to the first column of the line behind the last."""
    region = {"startLine": edit.line, "startColumn": 1, "endLine": edit.line + len(edit.old), "endColumn": 1}
    text = b"".join(edit.new).decode("utf-8", "replace")
    return {"deletedRegion": region, "insertedContent": {"text": text}}


def _artifact(path: str) -> Json:
    return {"uri": _uri(path), "uriBaseId": _ROOT}


def _uri(path: str) -> str:
    """A path of a tree as a relative URI: bytes that are no UTF-8 stay what they are, and `a:b` is no scheme."""
    return quote(path.encode("utf-8", "surrogateescape"))


def _folder_uri(path: str) -> str:
    return f"file://{quote(str(PurePosixPath(path)).encode('utf-8', 'surrogateescape'))}/"
