"""Two states of a tree -> what a change between them breaks, mends and leaves, without a scan of the whole.

Looked at are the functions whose tokens changed, all that come to them by calls, and those that tables name anew; in both
states by the same rules, so that what is told as new is what the change has brought.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from cocci_gen.coccinelle.spatch import SpatchRunner
from cocci_gen.document.beside import texts_beside
from cocci_gen.document.obligations import WITHOUT_TEMPLATE, Obligation
from cocci_gen.document.tables import LOCKING_RST
from cocci_gen.facts.calls.callers import ROOTS, Callers, Reached, reached_by
from cocci_gen.facts.tree.definitions import folder_of
from cocci_gen.facts.tree.differences import Difference, Place, changed_files, difference
from cocci_gen.facts.tree.focus import Focus
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.filters import Accepted
from cocci_gen.findings.findings import Finding
from cocci_gen.kernel.modules import ModuleTree
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.kinds.duties import Unexamined
from cocci_gen.scan.modules import for_module
from cocci_gen.scan.pipeline import (
    Examination,
    Judged,
    Progress,
    Scan,
    ScanOptions,
    beside_nearer,
    chosen_obligations,
    methods_of,
    open_index,
    rule_text,
    rules_in,
)
from cocci_gen.scan.relative import relative_scan


@dataclass(frozen=True, slots=True)
class Change:
    """One change: what it is called ("3/7", a commit), its subject, and the tree before and after it."""

    name: str
    subject: str
    before: KernelTree
    after: KernelTree


@dataclass(frozen=True, slots=True)
class Checked:
    """What a change does: findings that it brings, leaves and ends; what it makes impossible to examine; how many functions
    were looked at; `beyond` are the next that it reaches, where that are more than are looked at; `turned` are the fingerprints,
    before and after, of what it leaves and writes in other words."""

    change: Change
    new: tuple[Judged, ...]
    still: tuple[Judged, ...]
    gone: tuple[Judged, ...]
    unexamined: tuple[Unexamined, ...]
    functions: int
    beyond: tuple[Place, ...] = ()
    turned: tuple[tuple[str, str], ...] = ()

    @property
    def everything(self) -> tuple[Judged, ...]:
        """All that is there after the change, in what it touches."""
        return (*self.new, *self.still)


@dataclass(frozen=True, slots=True)
class Looked:
    """A change with what it does, and what is found after it in the functions that it reaches, rejected findings included."""

    checked: Checked
    after: Scan


def unlooked(change: Change) -> Looked:
    """A change in which there is nothing to look at."""
    return Looked(Checked(change, (), (), (), (), 0), Scan(change.after.commit, (), (), (), 0, 0, 0, 0))


class Checker:
    """Checks one change after another; the state after one is mostly the state before the next, and is read once."""

    def __init__(self, cache: Path, runner: SpatchRunner, options: ScanOptions) -> None:
        self.cache = cache
        self.runner = runner
        self.options = options
        self._stack = ExitStack()
        self._indexes: dict[str, KernelIndex] = {}
        #: Documents change seldom, and are the same before and after nearly all changes.
        self._rules_in = lru_cache(maxsize=2)(rules_in)

    def __enter__(self) -> Checker:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def check(self, change: Change, progress: Progress = lambda stage, done, total: None) -> Checked:
        """One change -> what it does to the findings of the functions that it reaches."""
        return self.look(change, progress).checked

    def look(self, change: Change, progress: Progress = lambda stage, done, total: None) -> Looked:
        """The same, with all that a run folder holds of the state after it."""
        files = changed_files(change.before, change.after)
        code = sorted(path for path in files if path.endswith((".c", ".h")))
        if not code and LOCKING_RST not in files:
            return unlooked(change)
        rules = self._rules(change.before), self._rules(change.after)
        indexes = self._index(change.before, rules[0], progress), self._index(change.after, rules[1], progress)
        roots = {*ROOTS, *(folder_of(path) for path in code if "/" in path)}
        if isinstance(change.after, ModuleTree):  # the kernel calls nothing of it
            roots = {tree.folder for tree in (change.before, change.after) if isinstance(tree, ModuleTree)}
        differs = difference(change.before, change.after, code, methods_of((*rules[0], *rules[1])))
        reached = [_reached(Callers(index, tuple(sorted(roots))), differs, rules) for index in indexes]
        everywhere = reached[0].functions | reached[1].functions
        if isinstance(change.after, ModuleTree):
            everywhere = frozenset(one for one in everywhere if change.after.home(one[0]))
        about_documents = LOCKING_RST in files or any(path.startswith("include/") for path in code)
        before, after = (
            self._scan(tree, index, every, everywhere, about_documents, progress)
            for tree, index, every in zip((change.before, change.after), indexes, rules, strict=True)
        )
        outside = change.after.outside if isinstance(change.after, ModuleTree) else lambda path: path
        shown = frozenset((outside(path), name) for path, name in everywhere)
        beyond = {(outside(path), name) for one in reached for path, name in one.beyond} - shown
        touched = frozenset(map(outside, files))
        checked = replace(_compared(change, before, after, shown, touched), beyond=tuple(sorted(beyond)))
        return Looked(checked, _limited(after, shown, {one.finding.fingerprint for one in checked.new}))

    def _rules(self, tree: KernelTree) -> tuple[Obligation, ...]:
        """The obligations of a state."""
        return self._rules_in(*rule_text(tree), tuple(texts_beside(tree.text_of).items()))

    def _index(self, tree: KernelTree, every: Sequence[Obligation], progress: Progress) -> KernelIndex:
        """The index of a state; the two that were used last are kept open."""
        if tree.tree not in self._indexes:
            if len(self._indexes) > 1:
                oldest = next(iter(self._indexes))
                self._indexes.pop(oldest).close()
            former = next(reversed(self._indexes.values()), None)
            self._indexes[tree.tree] = open_index(tree, self.cache, every, self.options, progress, former)
            self._stack.callback(self._close, tree.tree)
        index = self._indexes.pop(tree.tree)
        self._indexes[tree.tree] = index  # the one that was used last stands last
        return index

    def _close(self, name: str) -> None:
        if name in self._indexes:
            self._indexes.pop(name).close()

    def _scan(
        self,
        tree: KernelTree,
        index: KernelIndex,
        every: Sequence[Obligation],
        functions: frozenset[tuple[str, str]],
        about_documents: bool,  # noqa: FBT001 - private
        progress: Progress,
    ) -> Scan:
        """What is found in some functions of one state."""
        chosen = chosen_obligations(every, self.options.rules)
        if isinstance(tree, ModuleTree):
            chosen = for_module(chosen, self.options.rules)
        if not about_documents:
            chosen = tuple(one for one in chosen if one.kind not in WITHOUT_TEMPLATE)
        focus = Focus(frozenset(path for path, _ in functions), functions)
        if not functions:  # an empty set would mean all of some files
            focus = Focus(frozenset())
        scan = Examination(tree, index, self.runner, replace(self.options, focus=focus)).scan(chosen, progress)
        scan = beside_nearer(scan)
        return relative_scan(scan, tree) if isinstance(tree, ModuleTree) else scan


def _reached(
    callers: Callers, differs: Difference, rules: tuple[Sequence[Obligation], Sequence[Obligation]]
) -> Reached:
    """The functions of one state that the change reaches; what a table or a rule names anew is the same to its callers."""
    tabled = {(one.path, one.name) for path, name in differs.tabled for one in callers.index.resolve(name, path)}
    ruled = _bound_anew(callers.index, rules)
    reached = reached_by(callers, differs.functions, differs.macros)
    return replace(reached, functions=reached.functions | tabled | ruled)


def _bound_anew(
    index: KernelIndex, rules: tuple[Sequence[Obligation], Sequence[Obligation]]
) -> frozenset[tuple[str, str]]:
    """The functions that an obligation binds which only one of the two states of the document has."""
    said = [{_asked(one): one for one in every} for every in rules]
    methods = {
        (one.struct, one.method) for key in said[0].keys() ^ said[1].keys() for one in [{**said[0], **said[1]}[key]]
    }
    return frozenset(
        (one.definition.path, one.definition.name)
        for struct, method in methods
        for one in index.implementations(struct, method)[0]
    )


def _asked(obligation: Obligation) -> Obligation:
    """An obligation without the line at which it stands."""
    return replace(obligation, source=replace(obligation.source, line=0))


def _compared(
    change: Change, before: Scan, after: Scan, functions: frozenset[Place], touched: frozenset[str]
) -> Checked:
    """Two scans of the same functions, side by side; what stays is told of these functions only.  A helper in a file that the
    change leaves alone, to which one that it takes away handed its duty on, is bound by others still: nothing of it is gone.
    """
    old, new = _accepted(before), _accepted(after)
    unseen = {(one.obligation, one.path, one.function) for one in before.unexamined}
    missing = tuple(one for one in after.unexamined if (one.obligation, one.path, one.function) not in unseen)
    lost = {(one.obligation, one.path, one.function) for one in missing}
    were, are = ({(one.obligation, one.path, one.function) for one in scan.standings} for scan in (before, after))
    unbound = {at for at in were - are if at[1] not in touched and at[1:] not in functions}

    def ended(finding: Finding) -> bool:
        return (finding.obligation.id, finding.file, finding.function) not in lost | unbound

    gone = tuple(one for name, one in old.items() if name not in new and ended(one.finding))
    brought = tuple(one for name, one in new.items() if name not in old)
    turned = tuple(_turned(change, gone, brought))
    left, came = ({pair[number] for pair in turned} for number in (0, 1))
    return Checked(
        change=change,
        new=tuple(one for one in brought if one.finding.fingerprint not in came),
        still=tuple(
            one
            for name, one in new.items()
            if name in came or (name in old and (one.finding.file, one.finding.function) in functions)
        ),
        gone=tuple(one for one in gone if one.finding.fingerprint not in left),
        unexamined=missing,
        functions=len(functions),
        turned=turned,
    )


def _turned(change: Change, gone: Iterable[Judged], brought: Iterable[Judged]) -> Iterator[tuple[str, str]]:
    """What is gone, and what came beside it and says the same of the same function (`return -EIO` by now `return -ENXIO`), or of
    one of that name in a file that came where one went: the change has not brought that."""
    waiting: dict[tuple[str, str, str, str], list[str]] = {}
    for one in gone:
        waiting.setdefault(_said(one.finding, change.after), []).append(one.finding.fingerprint)
    for one in brought:
        if same := waiting.get(_said(one.finding, change.before)):
            yield same.pop(0), one.finding.fingerprint


def _said(finding: Finding, other: KernelTree) -> tuple[str, str, str, str]:
    """What a finding says, and of what; its file counts where the state on the other side of the change has it too."""
    file = finding.file if finding.file in other.blobs() else ""
    return finding.obligation.id, file, finding.function, finding.message


def _limited(scan: Scan, functions: frozenset[tuple[str, str]], new: set[str]) -> Scan:
    """A scan without the findings elsewhere that the change has not brought."""
    kept = tuple(
        one
        for one in scan.findings
        if one.finding.fingerprint in new or (one.finding.file, one.finding.function) in functions
    )
    return replace(scan, findings=kept)


def _accepted(scan: Scan) -> dict[str, Judged]:
    return {one.finding.fingerprint: one for one in scan.findings if isinstance(one.verdict, Accepted)}
