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
from cocci_gen.kernel.applying import NotApplied
from cocci_gen.kernel.layers import LayeredTree
from cocci_gen.kernel.modules import ModuleTree, NoRepository, module_at
from cocci_gen.kernel.ranges import RangeCommit, commits_since, merged_alone, tree_at
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.own_words import speaking
from cocci_gen.runs.laid import Layer, laid
from cocci_gen.runs.people import People
from cocci_gen.runs.rulings import ruled
from cocci_gen.scan.asked import check_paths, has_path
from cocci_gen.scan.checking import Change, Checked, Checker, Looked, unlooked
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
class Asked:
    """What is to be checked: changes, the state before all of them, the patches that did not apply, whether all of them are also
    looked at as one (`whole`), and an earlier version of them as one change, if there is one."""

    changes: Iterable[Change]
    start: KernelTree
    stopped: tuple[NotApplied, ...] = ()
    whole: bool = False
    previous: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Since:
    """What a version of a series brings and the one before (`name`) did not, what both bring, and what only that one brought;
    of the last, what cannot be examined any more."""

    name: str
    new: tuple[Judged, ...]
    still: tuple[Judged, ...]
    gone: tuple[Judged, ...]
    unexamined: tuple[Judged, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """All changes of one check, in order; `stopped` are patches that do not apply: what comes after one was not looked at."""

    checked: tuple[Checked, ...]
    stopped: tuple[NotApplied, ...] = ()
    #: All of them as one change, and how it differs from an earlier version, where that was asked for.
    whole: tuple[Looked, ...] = ()
    since: tuple[Since, ...] = ()

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
            for was, now in checked.turned:
                known.pop(was, None)
                brought |= {now} if was in brought else set()
            for one in checked.gone:
                known.pop(one.finding.fingerprint, None)
        return tuple(one for name, one in known.items() if name not in brought)

    def fails(self, level: str) -> bool:
        """Whether anything new is as sure as `level`; "none" never fails."""
        if level == "none":
            return False
        return any(one.finding.confidence.rank >= Confidence(level).rank for one in self.new)


def mended_by(found: Judged, later: Sequence[Checked]) -> str:
    """What one change brings, and the changes behind it -> the name of the one with which it is gone; "" where it stays."""
    name = found.finding.fingerprint
    for checked in later:
        if any(one.finding.fingerprint == name for one in checked.gone):
            return checked.change.name
        name = next((now for was, now in checked.turned if was == name), name)
    return ""


def menders(outcome: Outcome) -> Iterator[tuple[Checked, dict[str, str]]]:
    """Each change with what it brings and a later one ends: fingerprint -> the name of that one."""
    for number, checked in enumerate(outcome.checked):
        later = outcome.checked[number + 1 :]
        named = ((one.finding.fingerprint, mended_by(one, later)) for one in checked.new)
        yield checked, {fingerprint: name for fingerprint, name in named if name}


def unbuilt(outcome: Outcome) -> tuple[str, ...]:
    """The C files of a module that any of the changes touches and no makefile names after it: they are not looked at."""
    found = dict[str, None]()
    for before, after in ((one.change.before, one.change.after) for one in outcome.checked):
        if isinstance(before, ModuleTree) and isinstance(after, ModuleTree):
            old, new = before.module.files, after.module.files
            found |= {path: None for path in after.built.left_out if old.get(path) != new.get(path)}
    return tuple(found)


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
        files = {path: tree.read(path) for path in tree.laid}
        return lambda state: LayeredTree(state, files)
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


def changes_of_layers(tree: KernelTree, layers: Sequence[Layer]) -> Iterator[Change]:
    """What is scanned, and patches or what is not committed -> one change for each layer, on top of the one before."""
    repository, scanned = repository_of(tree), _scanned(tree)
    before = tree
    for layer in layers:
        after = scanned(laid(repository, (layer,)))
        yield Change(layer.name, layer.subject, before, after)
        before = after


def state_before(tree: KernelTree, since: str) -> KernelTree:
    """What is scanned, and a revision of the repository -> the same at that revision."""
    repository = repository_of(tree)
    return _scanned(tree)(tree_at(repository, repository.base.resolve(since)))


def whole_change(start: KernelTree, changes: Sequence[Change], name: str = "") -> Change:
    """The state before some changes, at least one, and these -> all of them as one."""
    return Change(name or f"{len(changes)} changes", "", start, changes[-1].after)


def check_changes(asked: Asked, request: CheckRequest, progress: Progress = lambda stage, done, total: None) -> Outcome:
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
        found = _each(asked.changes, checker, request, progress)
        whole, since = tuple[Looked, ...](), tuple[Since, ...]()
        if found and (asked.whole or asked.previous):
            changes = [one.checked.change for one in found]
            alone = len(found) == 1 and changes[0].before.tree == asked.start.tree
            whole = (found[0] if alone else checker.look(whole_change(asked.start, changes), progress),)
            now = _ruled(whole[0].checked, request.people)
            earlier = (_ruled(checker.check(one, progress), request.people) for one in asked.previous)
            since = tuple(compared(one, now) for one in earlier)
    return Outcome(tuple(_ruled(one.checked, request.people) for one in found), asked.stopped, whole, since)


def _each(changes: Iterable[Change], checker: Checker, request: CheckRequest, progress: Progress) -> list[Looked]:
    """One change after the other; those before a path that was asked for comes to be are not looked at."""
    found, unknown = list[Looked](), request.options.paths
    for change in changes:
        unknown = tuple(path for path in unknown if not (has_path(change.before, path) or has_path(change.after, path)))
        if unknown and unknown == request.options.paths:  # they may come with a later change
            found.append(unlooked(change))
        else:
            found.append(checker.look(change, progress))
    if found:
        check_paths(found[-1].checked.change.after, unknown)
    return found


def compared(earlier: Checked, now: Checked) -> Since:
    """What an earlier version of a change brings and what this one brings, both against what was there before -> the
    difference."""
    old = {one.finding.fingerprint: one for one in earlier.new}
    new = {one.finding.fingerprint: one for one in now.new}
    here = {one.finding.fingerprint for one in now.everything}
    unseen = {(one.obligation, one.path, one.function) for one in now.unexamined}

    def lost(one: Judged) -> bool:
        return (one.finding.obligation.id, one.finding.file, one.finding.function) in unseen

    missing = [one for name, one in old.items() if name not in here]
    return Since(
        name=earlier.change.name,
        new=tuple(one for name, one in new.items() if name not in old),
        still=tuple(one for name, one in old.items() if name in here),
        gone=tuple(one for one in missing if not lost(one)),
        unexamined=tuple(filter(lost, missing)),
    )


def _ruled(checked: Checked, people: People) -> Checked:
    def open_(found: Sequence[Judged]) -> tuple[Judged, ...]:
        return tuple(one for one in ruled(found, people.baseline) if isinstance(one.verdict, Accepted))

    return replace(checked, new=open_(checked.new), still=open_(checked.still), gone=open_(checked.gone))
