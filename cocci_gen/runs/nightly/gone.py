"""What earlier nights have found and this one has no more -> why: who looks after the tree sees what was mended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from cocci_gen.kernel.modules import ModuleTree, NoRepository
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.runs.baseline import shown_path
from cocci_gen.runs.folder import RunFolderError, read_findings, read_header
from cocci_gen.runs.making import Run
from cocci_gen.runs.nightly.state import GoneFinding, KnownFinding, State, untold
from cocci_gen.runs.rulings import FILTER
from cocci_gen.runs.vanished import Vanished, vanished
from cocci_gen.scan.pipeline import Judged

#: Said where nothing tells more.
_PLAIN = "no longer found"


def gone_since(tree: KernelTree, home: Path, state: State, run: Run, folder: str) -> dict[str, GoneFinding]:
    """What the state knows and the run, which looked there, has no more: what no summary has told of yet.

    What somebody has judged meanwhile is not gone, and what was never told of as found need not be told of as gone.
    """
    now = {one.finding.fingerprint: one for one in run.scan.findings}
    before = {**{name: one.known for name, one in state.gone.items()}, **state.known}
    missing = {
        name: known
        for name, known in before.items()
        if known.since not in untold(state) and _is_gone(name, known, now, run, name in state.gone)
    }
    told = dict(state.gone)
    for base, found in _last_found(home, state, missing):
        why = _asking(tree, base, found, run, home / folder) if base else None
        for one in found:
            name = one.finding.fingerprint
            told[name] = _gone(missing[name], folder, one, why)
    return {name: told[name] if name in told else _unread(known, folder) for name, known in missing.items()}


def _is_gone(fingerprint: str, known: KnownFinding, now: Mapping[str, Judged], run: Run, was_gone: bool) -> bool:  # noqa: FBT001
    if fingerprint not in now:
        return was_gone or run.scope.covers(known.obligation, known.file, known.function)
    reasons = getattr(now[fingerprint].verdict, "reasons", ())
    return any(reason.filter != FILTER for reason in reasons)


def _last_found(
    home: Path, state: State, missing: Mapping[str, KnownFinding]
) -> Iterator[tuple[str, Sequence[Judged]]]:
    """The commit and the findings of the last run that has them: the one before this, else the one that had them first."""
    wanted = set(missing) - set(state.gone)
    last = [state.runs[-1].folder] if state.runs else []
    for folder in dict.fromkeys((*last, *sorted({known.since for known in missing.values()}, reverse=True))):
        try:
            header, _ = read_header(home / folder)
            found = [one for one in read_findings(home / folder) if one.finding.fingerprint in wanted]
        except RunFolderError:
            continue  # somebody has removed or edited it; what the state knows is told all the same
        wanted -= {one.finding.fingerprint for one in found}
        if found:
            yield header.commit, found


def _asking(tree: KernelTree, base: str, found: Sequence[Judged], run: Run, folder: Path) -> Vanished | None:
    """What tells why; None where there is no history that could."""
    repository = tree.module.repository if isinstance(tree, ModuleTree) else tree
    if isinstance(repository, NoRepository):
        return None
    rules = frozenset(one.id for one in run.scan.obligations)
    return vanished(repository, base, found, run.scan.findings, folder, run.header, rules, "fixed")


def _gone(known: KnownFinding, folder: str, last: Judged, why: Vanished | None) -> GoneFinding:
    finding = last.finding
    reason = why.reason(finding) if why else _PLAIN
    said = (known.obligation, known.file, known.function, known.since, folder, shown_path(reason))
    return GoneFinding(*said, finding.line, finding.confidence.value, shown_path(finding.message))


def _unread(known: KnownFinding, folder: str) -> GoneFinding:
    return GoneFinding(known.obligation, known.file, known.function, known.since, folder, _PLAIN)
