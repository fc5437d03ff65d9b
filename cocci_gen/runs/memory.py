"""Scans that earlier runs left in the cache -> that of a tree which is the same, or differs little, without the work."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice

from cocci_gen.coccinelle.cache import JobCache, content_key
from cocci_gen.document.obligations import Obligation
from cocci_gen.errors import KernelTreeError
from cocci_gen.facts.tree.focus import Focus
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.mentions import Place
from cocci_gen.kernel.modules import ModuleTree
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.own_words import own_words
from cocci_gen.resources import data_folder, package_code
from cocci_gen.runs.scan_json import scan_from_bytes, scan_to_bytes
from cocci_gen.scan.changes import plain_change
from cocci_gen.scan.increments import increment
from cocci_gen.scan.pipeline import Scan, ScanOptions
from cocci_gen.scan.regions import region_of

#: So many commits with a scan are remembered, of whatever repositories, and so many of this one are compared.
_KEPT, _COMPARED = 32, 4


def setup_key(options: ScanOptions, spatch_version: str) -> str:
    """What the outcome of a scan depends on besides the tree, down to the files of this package."""
    files = [(path.name, path.read_bytes()) for path in sorted(data_folder("templates").glob("*")) if path.is_file()]
    code = [part for file in (*package_code(), *files) for part in file]
    asked = (spatch_version, own_words().digest, repr((options.rules, options.paths, options.timeout)))
    return content_key(("scan", *asked, *code))


def scan_key(tree: KernelTree, options: ScanOptions, spatch_version: str) -> str:
    """What the outcome of a scan depends on: the same again needs no work."""
    return _of_tree(tree, setup_key(options, spatch_version))


def _of_tree(tree: KernelTree, setup: str) -> str:
    return content_key(("tree", tree.tree, setup))


@dataclass(frozen=True, slots=True)
class Memory:
    """The scans with one setup that a cache holds."""

    cache: JobCache
    setup: str

    def of(self, tree: KernelTree, chosen: tuple[Obligation, ...]) -> Scan | None:
        """The scan of this very tree, if there was one."""
        data = self.cache.get(self._key(tree))
        return scan_from_bytes(data, tree.commit, chosen) if data is not None else None

    def keep(self, tree: KernelTree, scan: Scan) -> None:
        """Remember a scan, and that its commit is a good one to start from."""
        self.cache.put(self._key(tree), scan_to_bytes(scan))
        self.note(tree)

    def note(self, tree: KernelTree) -> None:
        """Remember that a tree whose scan is kept is the latest one that somebody asked for."""
        commits = [tree.commit, *(commit for commit in self._commits() if commit != tree.commit)]
        self.cache.put(self._recent(), json.dumps(commits[:_KEPT]).encode())

    def incremental(
        self,
        tree: KernelTree,
        index: KernelIndex,
        chosen: tuple[Obligation, ...],
        look: Callable[[KernelTree, KernelIndex, Focus, Sequence[Obligation]], Scan],
        reopen: Callable[[KernelTree], KernelIndex],
    ) -> Scan | None:
        """The scan of a tree that differs little from one that is remembered; None where there is none.

        `look` scans a part of a tree, `reopen` gives the index of an earlier one, which is closed here.
        """
        if isinstance(tree, ModuleTree) or tree.base is not tree:
            return None
        for before, former in self._earlier(tree, chosen):
            change = plain_change(before, tree, index)
            if change is not None and change.is_nothing:
                return replace(former, commit=tree.commit)
            if change is not None:

                def look_back(focus: Focus, asked: Sequence[Obligation], before: KernelTree = before) -> Scan:
                    with closing(reopen(before)) as old:
                        return look(before, old, focus, asked)

                def rebound(
                    focus: Focus,
                    asked: Sequence[Obligation],
                    before: KernelTree = before,
                    files: frozenset[str] = change.files,
                ) -> set[Place]:
                    from cocci_gen.scan.led import led_in, led_otherwise  # the rules, which take 0.3 s to load

                    now = led_in(tree, index, focus, asked, files)
                    with closing(reopen(before)) as old:
                        return led_otherwise(led_in(before, old, focus, asked, files), now)

                region = region_of(change, before, index)
                return increment(former, region, chosen, look_back, partial(look, tree, index), rebound)
        return None

    def _earlier(self, tree: KernelTree, chosen: tuple[Obligation, ...]) -> Iterator[tuple[KernelTree, Scan]]:
        return islice(self._remembered(tree, chosen), _COMPARED)

    def _remembered(self, tree: KernelTree, chosen: tuple[Obligation, ...]) -> Iterator[tuple[KernelTree, Scan]]:
        for commit in self._commits():
            try:
                before = KernelTree.open(tree.root, commit)
            except KernelTreeError:  # of another repository, or gone
                continue
            with before:
                former = self.of(before, chosen)
                if former is not None:
                    yield before, former

    def _commits(self) -> list[str]:
        data = self.cache.get(self._recent())
        return [str(commit) for commit in json.loads(data)] if data is not None else []

    def _key(self, tree: KernelTree) -> str:
        return _of_tree(tree, self.setup)

    def _recent(self) -> str:
        return content_key(("recent", self.setup))
