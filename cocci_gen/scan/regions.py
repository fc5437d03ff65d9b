"""Changed and the index of a tree -> Region, the functions that are to be looked at again.

Whoever mentions what changed, and whoever mentions those, is looked at, and with them all of the changed files, whose lines move.
What goes beyond that a function leads to is noted in the index (`reads_beside`, and `judged_by` where no caller hangs on it), or
known here: who calls it in its file, which decides for `callers`, and what it is handed by who calls it in its folder.  By which
ways an obligation comes to a function is read in all of its folder, without a look at who stands there
(`kinds/takes/judged/bound`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cocci_gen.document.obligations import ABOUT_CALLERS, BINDS_HELPERS
from cocci_gen.facts.sleeps.sleeps import DEPTH, FEW
from cocci_gen.facts.tree.definitions import TableEntry, folder_of
from cocci_gen.facts.tree.focus import Focus
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.mentions import Mentions, Place
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.scan.changes import Changed
from cocci_gen.scan.told import Key, Told, begins

#: More functions than this are not looked at one by one: the change is one of the kernel's foundations, and by the clock all of
#: them are looked at as soon, in two processes.  2,550 of 7.3 took 89 s of CPU, where a whole scan takes 300.
_MOST = 4000


class Region:
    """The functions that are to be looked at again, and the files that changed; it grows by whoever mentions one of them."""

    def __init__(self, index: KernelIndex, mentions: Mentions, change: Changed) -> None:
        self.index = index
        self.mentions = mentions
        self.functions: set[Place] = set()
        #: Functions that are looked at too, but not whoever mentions them: they are the same, and lead to what is the same.
        self.taken: set[Place] = set()
        self.files = change.files
        self.lines = change.lines
        self.calls = change.calls
        self.words = change.words
        self.led = change.led
        self._mentioned: dict[str, set[Place]] = {}
        self._add(change.functions, change.wide, change.own)

    @property
    def small(self) -> bool:
        """Whether it is worth the while."""
        return len(self.functions) + len(self.taken) <= _MOST

    def looks_at(self, place: Place) -> bool:
        """Whether a function is looked at again."""
        return place in self.functions or place in self.taken

    def take(self, more: Iterable[Place]) -> None:
        """Take further functions in that are the same and lead to what is the same, but are told of with what is not."""
        self.taken |= set(more) - self.functions

    def grow(self, more: Iterable[Place]) -> None:
        """Take further functions in, and whoever mentions them."""
        places = set(more) - self.functions
        self._add(places, {name for _, name in places}, ())

    def _add(self, places: Iterable[Place], wide: Iterable[str], own: Iterable[Place]) -> None:
        """Functions, by which names they are known everywhere, and by which in their file only."""
        self._close(set(places))
        level = {place for name in wide for place in self._mentioning(name)}
        level |= {place for path, name in own for place in self.mentions.of(name) if place[0] == path}
        level |= self._beside(places) | {one for place in places for one in self._by_named_table(place[1])}
        levels = [set(places)]
        self.take(self._judged_by(places))
        while level := level - self.functions:
            self._close(level)
            self.take(self._judged_by(level))
            levels.append(level)
            if not self.small:
                return
            level = {place for one in level for place in self._callers(one)} | self._beside(level)
        self._add_over_methods(levels)

    def _add_over_methods(self, levels: Sequence[set[Place]]) -> None:
        """Who comes to what changed over a method that few functions implement, as the search for sleeps does, and so many calls
        deep; `levels` are who come to it by calls, nearest first."""
        over, seen = set[Place](), set[Place]()
        for distance in range(DEPTH):
            near = levels[distance] if distance < len(levels) else set[Place]()
            over = {place for one in over for place in self._callers(one)} | self._calling_methods(near | over)
            over -= seen
            seen |= over
        self._close(seen)

    def _close(self, places: set[Place]) -> None:
        self.functions |= places
        self.taken -= places

    def _callers(self, place: Place) -> set[Place]:
        path, name = place
        known = self.index.functions_in(path) if path in self.index.paths() else ()
        spans = [one.span for one in known if one.name == name]
        if path.endswith(".c") and spans and all(span.static for span in spans):
            named = {one for one in self.mentions.of(name) if one[0] == path}
        else:
            named = self._mentioning(name)
        return named | self._by_named_table(name)

    def _by_named_table(self, name: str) -> set[Place]:
        """Whoever calls a function by a table of his folder that he names, `bed_ops.dig(bed)`: what that does, he does."""
        return {
            one
            for entry in self.index.entries_naming(name)
            if entry.struct
            for one in self.mentions.of_member(entry.method) & self.mentions.of(entry.variable)
            if folder_of(one[0]) == entry.folder
        }

    def _mentioning(self, name: str) -> set[Place]:
        if name not in self._mentioned:
            self._mentioned[name] = self.mentions.of(name)
        return self._mentioned[name]

    def _beside(self, places: Iterable[Place]) -> set[Place]:
        """Whoever has read a function beside what he leads to."""
        return {one for name in {name for _, name in places} for one in self.mentions.of_beside(name)}

    def _judged_by(self, places: Iterable[Place]) -> set[Place]:
        """Whoever is judged by a function that he does not lead to: what leads to him does not ask how he was judged."""
        return {one for name in {name for _, name in places} for one in self.mentions.of_judged_by(name)}

    def _calling_methods(self, places: Iterable[Place]) -> set[Place]:
        """Who calls a method that few functions implement, one of these among them."""
        found = set[Place]()
        for name in {name for _, name in places}:
            for method in {entry.method for entry in self.index.entries_naming(name) if entry.struct}:
                near = {entry.folder for entry in self.index.entries_naming(name)}
                few = _are_few(self.index.tabled(method, FEW))
                # In their own folder they may be few, and none of another one is meant there.
                here = {folder for folder in near if not few and _are_few(self.index.tabled_in(method, folder))}
                found |= {one for one in self.mentions.of_member(method) if few or folder_of(one[0]) in here}
        return found

    def focus(self) -> Focus:
        """The functions, and all those of the files that changed."""
        known = self.index.paths()
        here = {one for one in self.functions | self.taken if one[0] in known}
        here |= {(path, one.name) for path in self.files & known.keys() for one in self.index.functions_in(path)}
        files = {path for path, _ in here} | (self.files & known.keys())
        return Focus(frozenset(files), frozenset(here) or frozenset({("", "")}), self._folders(files))

    def leading(self) -> Focus:
        """Nobody, and the folders in which other functions may be bound, or by other ways, than before."""
        return Focus(frozenset(), frozenset({("", "")}), self._folders(self.led))

    def _folders(self, paths: Iterable[str]) -> frozenset[str]:
        """The folders of some files, or these folders, in which there is more than headers: no obligation comes to one there."""
        every = {folder_of(path) if path.endswith((".c", ".h")) else path for path in paths}
        return frozenset(one for one in every if any(path.endswith(".c") for path in self.index.files_in(one)))

    def holds(self, key: Key) -> bool:
        """Whether it is told anew how a function stands to an obligation."""
        obligation, path, function = key
        if path in self.files or self.looks_at((path, function)):
            return True
        # Whether a caller of a method is called with the lock hangs on who calls it in its file.
        about_callers = obligation.rpartition(".")[2] in ABOUT_CALLERS
        return about_callers and any(path == file for file, _ in (*self.functions, *self.taken))

    def begins_here(self, key: Key, told: Told) -> bool:
        """Whether somebody who is looked at hands on what is told; what a method leads to is bound whoever is looked at."""
        return _is_handed(key) and any(
            file in self.files or self.looks_at(self.at(file, line)) for file, line in begins(told)
        )

    def begins_elsewhere(self, key: Key, told: Told) -> bool:
        """Whether somebody who is not looked at hands on what is told."""
        return _is_handed(key) and any(
            file not in self.files and not self.looks_at(self.at(file, line)) for file, line in begins(told)
        )

    def at(self, path: str, line: int) -> Place:
        """The function at a line of a file that did not change."""
        known = self.index.functions_in(path) if path in self.index.paths() else ()
        inside = (one.name for one in known if one.span.line <= line <= one.span.last_line)
        return path, next(inside, "")


def _is_handed(key: Key) -> bool:
    """Whether an obligation binds no other functions than those which it is handed on to."""
    return key[0].rpartition(".")[2] not in BINDS_HELPERS


def _are_few(entries: Iterable[TableEntry]) -> bool:
    """Whether these are so few functions that the search for sleeps looks into each."""
    return len({(entry.function, entry.path) for entry in entries}) <= FEW


def region_of(change: Changed, before: KernelTree, index: KernelIndex) -> Region:
    """The functions whose standing a plain change may alter."""
    old = before.blobs()
    return Region(index, index.mentions({old[path].oid: path for path in change.files}), change)
