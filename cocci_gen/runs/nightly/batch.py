"""BatchConfig -> run folders and series of what is new since last time, one outcome for each target.

Every step can be done again: a batch that was killed goes on where it stood, with the jobs that were finished.  What is
found is known only once its series lie in their folder.  Nothing is fetched and nothing is sent.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import filelock

from cocci_gen.coccinelle.cache import content_key
from cocci_gen.errors import CocciGenError, KernelTreeError, StorageError
from cocci_gen.filters import Accepted
from cocci_gen.kernel.modules import ModuleTree, NoRepository, state_name
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.runs.baseline import shown_path
from cocci_gen.runs.folder import RunHeader, read_findings, read_header
from cocci_gen.runs.made_series import make_series
from cocci_gen.runs.making import (
    Request,
    Run,
    make_run,
    refuse_output_inside,
    roots_of,
)
from cocci_gen.runs.memory import scan_key
from cocci_gen.runs.nightly.config import BatchConfig, BatchTarget
from cocci_gen.runs.nightly.gone import gone_since
from cocci_gen.runs.nightly.readiness import asked_problem, module_of, unread
from cocci_gen.runs.nightly.state import (
    KnownFinding,
    State,
    TargetRecord,
    new_folder,
    prune,
    read_state,
    remove,
    series_in,
    untold,
    write_state,
)
from cocci_gen.runs.nightly.summary import Done, TargetFailed, TargetOutcome
from cocci_gen.runs.nightly.verdicts import Verdicts
from cocci_gen.runs.people import People, committed, refuse_inside
from cocci_gen.runs.rulings import for_series
from cocci_gen.scan.modules import laid_over
from cocci_gen.scan.pipeline import Judged, Progress, ScanOptions


class BatchBusy(CocciGenError):
    """Another batch writes to the same folder."""


@dataclass(frozen=True, slots=True)
class Night:
    """What is the same for all targets of one batch."""

    config: BatchConfig
    cache: Path
    jobs: int
    verdicts: Verdicts
    today: date
    command: str
    version: str

    @property
    def people(self) -> People:
        """What people have said."""
        return self.verdicts.people


@contextmanager
def alone(output: Path) -> Iterator[None]:
    """Nobody else writes to the folder meanwhile; BatchBusy where somebody does.  A killed batch leaves no lock."""
    lock = filelock.FileLock(output / ".lock", timeout=0)
    try:
        output.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except filelock.Timeout as error:
        raise BatchBusy(f"another batch is writing to {output}; it goes on, this one has done nothing") from error
    except OSError as error:
        raise StorageError(f"{output} cannot be used: {error.strerror or error}") from error
    try:
        yield
    finally:
        lock.release()


def key_of(night: Night, tree: KernelTree, options: ScanOptions) -> str:
    """All that a run depends on in one word: equal keys give equal runs."""
    module = state_name(tree.module) if isinstance(tree, ModuleTree) else ""
    return content_key(
        (
            scan_key(tree, options, night.version), tree.commit, module, repr(night.people.baseline),
            night.people.words.digest,
        )
    )  # fmt: skip


def run_target(night: Night, target: BatchTarget, progress: Progress) -> TargetOutcome:
    """One target from the tree to its series; what goes wrong with it is an outcome, for others are waiting."""
    try:
        with _opened(target) as tree:
            if problem := asked_problem(tree, target):
                return TargetFailed(target, str(problem))
            if not target.module:
                return _run(night, target, tree, progress)
            module = laid_over(tree, module_of(target))
            own = night if night.config.baseline else replace(night, verdicts=Verdicts(committed(module.module)))
            return _run(own, target, module, progress)
    except (CocciGenError, OSError, sqlite3.Error, RecursionError, MemoryError) as error:
        return TargetFailed(target, str(error) or type(error).__name__)


def _opened(target: BatchTarget) -> KernelTree:
    """The kernel of a target; RuleDocumentError names the key whose value is not there."""
    try:
        return KernelTree.open(target.path, target.revision)
    except KernelTreeError as error:
        raise unread(target, error) from error


def _run(night: Night, target: BatchTarget, tree: KernelTree, progress: Progress) -> Done:
    if night.config.baseline:
        refuse_inside(night.config.baseline, tree.root)
    refuse_output_inside(night.config.output, roots_of(tree))
    home = night.config.output / target.name
    state = read_state(home)
    options = ScanOptions(target.rules, target.paths, night.jobs, night.config.timeout)
    key = key_of(night, tree, options)
    last = state.runs[-1] if state.runs else None
    if last and last.key == key and last.complete and (home / last.folder / "run.json").is_file():
        return _unchanged(target, home, state)
    commit = state_name(tree.module) if isinstance(tree, ModuleTree) else tree.commit
    folder, state = _begin(night, home, state, key, commit)
    request = Request(
        options,
        home / folder,
        night.cache,
        night.config.program,
        night.command,
        night.people,
        scheduler=night.config.scheduler,
    )
    run = make_run(tree, request, progress)
    _write_series(night, tree, run, home / folder, state)
    record = TargetRecord(folder, key, commit, not run.incomplete)
    gone = gone_since(tree, home, state, run, folder)
    state = State(
        (*state.runs, record),
        _known(state, run, folder),
        gone=gone,
        first=state.first or ("" if state.runs else folder),
    )
    write_state(home, state)
    prune(_with_refs(tree), home, state, night.config.keep)
    return _done(target, home, state, run.header, run.scan.findings, (run.scan.jobs, run.scan.cached_jobs))


def _begin(night: Night, home: Path, state: State, key: str, commit: str) -> tuple[str, State]:
    """The folder of this run: that of a run which was killed, where it would be the same, else a new one."""
    if state.begun and state.begun[1] == key:
        return state.begun[0], state
    if state.begun:
        remove(home / state.begun[0])
    folder = new_folder(home, f"{night.today.isoformat()}-{commit[:12]}")
    state = replace(state, begun=(folder, key))
    write_state(home, state)
    return folder, state


def _write_series(night: Night, tree: KernelTree, run: Run, folder: Path, state: State) -> None:
    """The series of what no earlier run has found."""
    if isinstance(tree, ModuleTree) and isinstance(tree.module.repository, NoRepository):
        return  # nothing that a series could apply to; the fixes lie in diffs/
    new = tuple(one for one in run.accepted if one.finding.fingerprint not in state.known)
    if for_series(new, night.people.baseline):
        names = frozenset(one.finding.fingerprint for one in new)
        checkpatch = night.config.checkpatch
        make_series(tree, folder, night.people.baseline, names, night.jobs, checkpatch=checkpatch)


def _with_refs(tree: KernelTree) -> KernelTree:
    """The repository that keeps the series of a target under refs of ours."""
    if isinstance(tree, ModuleTree) and isinstance(tree.module.repository, KernelTree):
        return tree.module.repository
    return tree


def _unchanged(target: BatchTarget, home: Path, state: State) -> Done:
    """The last run stands for this one: the tree, the rules, the verdicts and the program are the same."""
    folder = home / state.runs[-1].folder
    header, _ = read_header(folder)
    return replace(_done(target, home, state, header, read_findings(folder), (0, 0)), scanned=False)


def _done(
    target: BatchTarget, home: Path, state: State, header: RunHeader, findings: Sequence[Judged], jobs: tuple[int, int]
) -> Done:
    """What there is to tell: the last run, and what no summary has told of the runs before."""
    folders = untold(state)
    fresh = {fingerprint for fingerprint, known in state.known.items() if known.since in folders}
    accepted = [one for one in findings if isinstance(one.verdict, Accepted)]
    series: dict[Path, int] = {}
    for folder in sorted(folders):
        series |= series_in(home / folder)
    return Done(
        target=target,
        commit=header.commit,
        folder=home / state.runs[-1].folder,
        scanned=True,
        complete=state.runs[-1].complete,
        accepted=Counter(one.finding.confidence.value for one in accepted),
        new=tuple(one for one in accepted if one.finding.fingerprint in fresh),
        series=tuple(series),
        patches=sum(series.values()),
        jobs=jobs[0],
        cached_jobs=jobs[1],
        fingerprints=frozenset(one.finding.fingerprint for one in findings),
        stale=_stale(header.baseline),
        gone=state.gone,
    )


def _stale(baseline: Mapping[str, object]) -> tuple[Mapping[str, object], ...]:
    listed = baseline.get("stale", [])
    return tuple(one for one in listed if isinstance(one, dict)) if isinstance(listed, list) else ()


def _known(state: State, run: Run, folder: str) -> dict[str, KnownFinding]:
    """What the next run need not tell of: what this one found, and what it could not see this time."""
    unseen = {
        fingerprint: known
        for fingerprint, known in state.known.items()
        if not run.scope.covers(known.obligation, known.file, known.function)
    }
    before = {**{fingerprint: one.known for fingerprint, one in state.gone.items()}, **state.known}
    found = {
        one.finding.fingerprint: before.get(
            one.finding.fingerprint,
            KnownFinding(one.finding.obligation.id, shown_path(one.finding.file), one.finding.function, folder),
        )
        for one in run.accepted
    }
    return {**unseen, **found}
