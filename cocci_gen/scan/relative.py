"""A Scan of a ModuleTree -> the same with the paths of the module's own repository."""

from __future__ import annotations

from dataclasses import replace

from cocci_gen.findings.edits import stand_in
from cocci_gen.findings.findings import Finding, Fix, NoFix, unified_diff
from cocci_gen.kernel.modules import ModuleTree
from cocci_gen.scan.pipeline import Judged, Scan
from cocci_gen.scan.standings import Standing


def relative_scan(scan: Scan, tree: ModuleTree) -> Scan:
    """What was found and what was not examined, as the module's repository names it; the kernel's files keep their names."""
    return replace(
        scan,
        findings=tuple(_judged(one, tree) for one in scan.findings),
        unexamined=tuple(replace(one, path=tree.outside(one.path)) for one in scan.unexamined),
        standings=tuple(_standing(one, tree) for one in scan.standings),
        helpers=tuple(replace(one, path=tree.outside(one.path)) for one in scan.helpers),
    )


def _judged(judged: Judged, tree: ModuleTree) -> Judged:
    return replace(judged, finding=_finding(judged.finding, tree))


def _standing(standing: Standing, tree: ModuleTree) -> Standing:
    steps = tuple(replace(step, file=tree.outside(step.file)) for step in standing.steps)
    return replace(standing, path=tree.outside(standing.path), steps=steps)


def _finding(finding: Finding, tree: ModuleTree) -> Finding:
    file, fix = tree.outside(finding.file), finding.fix
    if isinstance(fix, Fix) and file != finding.file:
        fix = _fix(fix, file, tree.original(finding.file))
    return replace(
        finding,
        file=file,
        registrations=tuple(replace(one, file=tree.outside(one.file)) for one in finding.registrations),
        evidence=tuple(replace(step, file=tree.outside(step.file)) for step in finding.evidence),
        fix=fix,
    )


def _fix(fix: Fix, file: str, text: bytes) -> Fix | NoFix:
    """The fix as the module's own text takes it: what was decided for one kernel stays open there."""
    if not stand_in(text, fix.edits):
        return NoFix("the fix would stand on a line that a macro or a conditional makes")
    return replace(fix, diff=unified_diff(file, text, fix.edits))
