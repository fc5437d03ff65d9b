"""KernelIndex -> FocusedIndex, the same index that names only some functions as implementations and searches only some files.

What a function does is asked of the whole tree as before; only whom the rules are asked about is narrower.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

from cocci_gen.facts.tree.definitions import Definition, Implementation, SourceLine, Unresolved
from cocci_gen.facts.tree.index import KernelIndex


@dataclass(frozen=True, slots=True)
class Focus:
    """The files that count, and the functions of them (path, name); no function named for a file means all of it.  By way of all
    functions of the `folders` an obligation may come to one that counts."""

    files: frozenset[str]
    functions: frozenset[tuple[str, str]] = frozenset()
    folders: frozenset[str] = frozenset()

    def holds(self, definition: Definition) -> bool:
        """Whether a function counts."""
        if definition.path not in self.files:
            return False
        return not self.functions or (definition.path, definition.name) in self.functions


@dataclass(frozen=True, slots=True)
class Everything:
    """No focus: every function of the tree counts."""


EVERYTHING = Everything()


class FocusedIndex(KernelIndex):
    """A view of `base`; it reads the store of `base` and must not outlive it."""

    def __init__(self, base: KernelIndex, focus: Focus) -> None:
        """A view costs a look at the functions of the files that count."""
        vars(self).update(vars(base))
        self.shared = {}  # what is known of the whole tree is more than what is asked about here
        self._base = base
        self.focus = focus
        known = self.focus.files & self.paths().keys()
        self._names = frozenset(one.name for path in known for one in self.functions_in(path))
        self.search_here = self._focused_search  # type: ignore[assignment]
        self._bound_to = lru_cache(maxsize=None)(self._bind)
        led = frozenset(path for folder in focus.folders for path in base.files_in(folder))
        self._leading: KernelIndex = FocusedIndex(base, Focus(led | focus.files)) if led else self

    @property
    def everywhere(self) -> KernelIndex:
        """The index of which this is a view."""
        return self._base

    @property
    def leading(self) -> KernelIndex:
        """The view of all by way of whom an obligation may come to who is asked about."""
        return self._leading

    def counts(self, path: str) -> bool:
        """Whether a file counts."""
        return path in self.focus.files

    def is_asked(self, definition: Definition) -> bool:
        """Whether a function counts."""
        return self.focus.holds(definition)

    def implementations(self, struct: str, method: str) -> tuple[tuple[Implementation, ...], tuple[Unresolved, ...]]:
        """Those of the whole tree that count."""
        return self._bound_to(self.home(struct, method), method)

    def _bind(self, home: str, method: str) -> tuple[tuple[Implementation, ...], tuple[Unresolved, ...]]:
        names = self._names
        entries = [
            one for one in self.entries_of(method, home) if one.function in names or one.path in self.focus.files
        ]
        found, lost = self._bound(home, entries)
        return (
            tuple(one for one in found if self.focus.holds(one.definition)),
            tuple(one for one in lost if one.entry.path in self.focus.files),
        )

    def _focused_search(self, pattern: str) -> tuple[SourceLine, ...]:
        """The lines of the files that count; of most files none does, which is seen without a look at each line."""
        wanted, anywhere = re.compile(pattern), re.compile(pattern, re.MULTILINE)
        texts = (
            (path, self.text(path).decode("utf-8", "surrogateescape"))
            for path in sorted(self.focus.files & self.paths().keys())
        )
        return tuple(
            SourceLine(path, number, line)
            for path, text in texts
            if anywhere.search(text)
            for number, line in enumerate(text.split("\n"), 1)
            if wanted.search(line)
        )


def focus_on(paths: Collection[str]) -> Focus:
    """All functions of some files."""
    return Focus(frozenset(paths))
