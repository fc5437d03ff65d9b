"""A range of commits, patches or a work tree -> what each change breaks; nothing is written but caches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from cocci_gen.coccinelle.cache import JobCache
from cocci_gen.coccinelle.spatch import SpatchRunner, find_version
from cocci_gen.errors import UsageProblem
from cocci_gen.filters import Accepted
from cocci_gen.findings.findings import Confidence
from cocci_gen.kernel.applying import NotApplied, apply_patches
from cocci_gen.kernel.layers import LayeredTree
from cocci_gen.kernel.modules import ModuleTree, NoRepository, module_at
from cocci_gen.kernel.patches import PatchSeries
from cocci_gen.kernel.ranges import RangeCommit, commits_since, merged_alone, tree_at
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.kernel.worktree import read_work_tree
from cocci_gen.own_words import speaking
from cocci_gen.runs.making import People
from cocci_gen.runs.rulings import ruled
from cocci_gen.scan.asked import check_paths, has_path
from cocci_gen.scan.checking import Change, Checked, Checker
from cocci_gen.scan.modules import laid_over
from cocci_gen.scan.pipeline import Judged, Progress, ScanOptions


@dataclass(frozen=True, slots=True)
class CheckRequest:
    """How changes are checked."""

    options: ScanOptions
    cache: Path
    program: str
    people: People


@dataclass(frozen=True, slots=True)
class Outcome:
    """All changes of one check, in order; `stopped` are patches that do not apply: what comes after one was not looked at."""

    checked: tuple[Checked, ...]
    stopped: tuple[NotApplied, ...] = ()

    @property
    def new(self) -> tuple[Judged, ...]:
        """What any of the changes brings, also where a later one mends it."""
        return tuple(one for checked in self.checked for one in checked.new)

    @property
    def left(self) -> tuple[Judged, ...]:
        """What was there before all changes, stands in what they touch, and is there after them."""
        known: dict[str, Judged] = {}
        brought = {one.finding.fingerprint for one in self.new}
        for checked in self.checked:
            known |= {one.finding.fingerprint: one for one in checked.still}
            for one in checked.gone:
                known.pop(one.finding.fingerprint, None)
        return tuple(one for name, one in known.items() if name not in brought)

    def fails(self, level: str) -> bool:
        """Whether anything new is as sure as `level`; "none" never fails."""
        if level == "none":
            return False
        return any(one.finding.confidence.rank >= Confidence(level).rank for one in self.new)


def repository_of(tree: KernelTree) -> KernelTree:
    """The repository whose changes are looked at: the module's, or the kernel; UsageProblem for a plain folder."""
    if not isinstance(tree, ModuleTree):
        return tree.base
    if isinstance(tree.module.repository, NoRepository):
        raise UsageProblem(
            f"{tree.module.root} is no git repository, so it has no changes to look at; `git init` makes it one, "
            f"or `scan` looks at it as it is"
        )
    return tree.module.repository


def _scanned(tree: KernelTree) -> Callable[[KernelTree], KernelTree]:
    """From a state of the repository to what is scanned: the same document, and the same kernel below a module."""
    if isinstance(tree, ModuleTree):
        under, subdir = tree.under, tree.module.subdir
        return lambda state: laid_over(under, module_at(state, subdir))
    if isinstance(tree, LayeredTree):
        laid = {path: tree.read(path) for path in tree.laid}
        return lambda state: LayeredTree(state, laid)
    return lambda state: state


def changes_since(tree: KernelTree, since: str) -> Iterator[Change]:
    """What is scanned and a revision -> one change per commit since then; a merge counts as what it changes itself."""
    repository, scanned = repository_of(tree), _scanned(tree)
    state = lru_cache(maxsize=2)(lambda oid: scanned(tree_at(repository, oid)))
    for commit in commits_since(repository, since):
        name = commit.oid[:12]
        if len(commit.parents) == 1:
            yield Change(name, commit.subject, state(commit.parents[0]), state(commit.oid))
        elif alone := merged_alone(repository, commit):
            yield Change(name, commit.subject, scanned(_unmerged(repository, commit, alone)), state(commit.oid))


def _unmerged(repository: KernelTree, commit: RangeCommit, paths: frozenset[str]) -> KernelTree:
    """A merge in which some files are as its first parent has them."""
    merge, first = tree_at(repository, commit.oid), tree_at(repository, commit.parents[0])
    files = {path: first.read(path) for path in paths if path in first.blobs() and first.blobs()[path].mode != "160000"}
    return LayeredTree(merge, files, paths - files.keys())


def changes_of_patches(tree: KernelTree, series: PatchSeries, name: str) -> Iterator[Change | NotApplied]:
    """What is scanned and the patches of the file `name` -> one change per patch, each on top of the one before, up to the first
    that does not apply."""
    repository, scanned = repository_of(tree), _scanned(tree)
    before = tree
    # What follows a patch that does not apply has no state.
    states = zip(series.patches, apply_patches(repository, series, name), strict=False)
    for number, (patch, applied) in enumerate(states, 1):
        if isinstance(applied, NotApplied):
            yield applied
            return
        after = scanned(LayeredTree(repository, applied.files, applied.gone))
        yield Change(series.place(patch, number), patch.subject, before, after)
        before = after


def changes_of_work_tree(tree: KernelTree) -> Iterator[Change]:
    """What is scanned at HEAD -> what is not committed, as one change."""
    repository = repository_of(tree)
    work = read_work_tree(repository)
    if work.files or work.gone:
        count = len(work.files) + len(work.gone)
        subject = f"uncommitted changes in {count} {'file' if count == 1 else 'files'}"
        yield Change("work tree", subject, tree, _scanned(tree)(LayeredTree(repository, work.files, work.gone)))


def check_changes(
    changes: Iterable[Change | NotApplied],
    request: CheckRequest,
    progress: Progress = lambda stage, done, total: None,
) -> Outcome:
    """Every change checked, with the verdicts of people: what they rejected is not told.

    NothingToScan for a path that is there neither before nor after any of the changes.
    """
    find_version(request.program)
    with (
        speaking(request.people.words),
        JobCache(request.cache / "jobs.sqlite") as cache,
        SpatchRunner(cache, request.options.jobs, request.program) as runner,
        Checker(request.cache, runner, request.options) as checker,
    ):
        found, unknown = list[Checked](), request.options.paths
        stopped = list[NotApplied]()
        for change in changes:
            if isinstance(change, NotApplied):
                stopped.append(change)
                continue
            unknown = tuple(
                path for path in unknown if not (has_path(change.before, path) or has_path(change.after, path))
            )
            if unknown and unknown == request.options.paths:  # they may come with a later change
                found.append(Checked(change, (), (), (), (), 0, False))
            else:
                found.append(checker.check(change, progress))
        if found:
            check_paths(found[-1].change.after, unknown)
    return Outcome(tuple(_ruled(one, request.people) for one in found), tuple(stopped))


def _ruled(checked: Checked, people: People) -> Checked:
    def open_(found: Sequence[Judged]) -> tuple[Judged, ...]:
        return tuple(one for one in ruled(found, people.baseline) if isinstance(one.verdict, Accepted))

    return replace(checked, new=open_(checked.new), still=open_(checked.still), gone=open_(checked.gone))
