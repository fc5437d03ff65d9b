"""A run -> JUnit XML: every function under an obligation is a test case, every open finding a failure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from xml.etree import ElementTree as ET

from cocci_gen.reports.hostile import legal
from cocci_gen.reports.record import RunRecord, against, suppressed
from cocci_gen.scan.pipeline import Judged
from cocci_gen.scan.standings import Stand, Standing

_PASSED = (Stand.KEPT, Stand.REFUTED)


def junit(record: RunRecord, selected: Sequence[Judged]) -> str:
    """One suite per obligation: its findings (those that people judged are skipped), then the functions that keep it, then
    those that were not examined (skipped, with the reason).  Obligations of which nothing was selected are left out when
    nothing of theirs was examined either."""
    findings: dict[str, list[Judged]] = defaultdict(list)
    for one in selected:
        findings[one.finding.obligation.id].append(one)
    kept: dict[str, list[Standing]] = defaultdict(list)
    for standing in record.standings:
        if standing.stand in (*_PASSED, Stand.NOT_EXAMINED):
            kept[standing.obligation].append(standing)
    root = ET.Element("testsuites", name="cocci-gen")
    for identity in sorted({*findings, *kept}):
        _suite(root, identity, findings[identity], kept[identity])
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(root: ET.Element, identity: str, findings: Sequence[Judged], kept: Sequence[Standing]) -> None:
    skipped = sum(map(suppressed, findings)) + sum(one.stand is Stand.NOT_EXAMINED for one in kept)
    failures = sum(not against(one) for one in findings)
    tests = len(findings) + len(kept)
    figures = {"name": identity, "tests": tests, "failures": failures, "errors": 0, "skipped": skipped}
    suite = ET.SubElement(root, "testsuite", {key: legal(str(value)) for key, value in figures.items()})
    for judged in findings:
        _finding(suite, judged)
    for standing in kept:
        case = _case(suite, standing.obligation, f"{standing.path}: {standing.function}")
        if standing.stand is Stand.NOT_EXAMINED:
            ET.SubElement(case, "skipped", message=legal(f"not examined: {standing.reason}"))


def _finding(suite: ET.Element, judged: Judged) -> None:
    finding = judged.finding
    case = _case(suite, finding.obligation.id, f"{finding.file}: {finding.function} {finding.fingerprint}")
    if reasons := against(judged):
        ET.SubElement(case, "skipped", message=legal("; ".join(f"{one.filter}: {one.reason}" for one in reasons)))
        return
    place = f"{finding.file}:{finding.line}"
    failure = ET.SubElement(case, "failure", type=str(finding.confidence), message=legal(f"{place}: {finding.message}"))
    steps = [f"{step.file}:{step.line}: {step.note}" for step in finding.way]
    rule = finding.obligation.source
    failure.text = legal("\n".join([f"{rule.path}:{rule.line}: {rule.quote}", *steps]))


def _case(suite: ET.Element, identity: str, name: str) -> ET.Element:
    """A case; where it is stands in its name, for Jenkins refuses a report with `file` or `line` in it."""
    return ET.SubElement(suite, "testcase", classname=legal(identity), name=legal(name))
