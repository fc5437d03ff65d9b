"""A function -> the things that the file system of its file has for itself: what it counts, and what it gets and gives back by
pairs of calls.

No document names them, and things.toml cannot: they are read out of the functions of the file system.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.shared import shared
from cocci_gen.kinds.takes.words.counted import counted_in
from cocci_gen.kinds.takes.words.folders import folders_of
from cocci_gen.kinds.takes.words.paired import paired_in
from cocci_gen.kinds.takes.words.sorts import states
from cocci_gen.kinds.takes.words.things import Thing, things
from cocci_gen.resources import data_tables


class Owned:
    """What the file systems of one tree have; every answer is remembered."""

    def __init__(self, index: KernelIndex) -> None:
        self._index = index
        self._near = cache(self._of)
        self._root_of = folders_of(index).root_of

    def in_text(self, text: bytes, path: str) -> tuple[Thing, ...]:
        """The things of the file system of a file that the text of one of its functions names."""
        return tuple(one for one in self._near(self._root_of(path)) if any(word.encode() in text for word in one.types))

    def asked(self, definition: Definition) -> tuple[Thing, ...]:
        """The same of a function of the tree, of which is remembered that who counts decides, and who calls what makes a pair."""
        found = self.in_text(self._index.text_of(definition), definition.path)
        for name in sorted(
            {name for one in found for name in (*one.releases, *one.taking, *one.returning, *one.filling)}
        ):
            self._index.judged_by(definition, name)
            self._index.reads_callers_in_folder(definition, name)
        return found

    def _of(self, root: str) -> tuple[Thing, ...]:
        """What things.toml knows is told by that, what is counted as such, and what has a lock by its lock; nobody has a part of
        something else for himself."""
        parts: list[str] = data_tables("kinds/takes/words/things.toml")["counting"]["parts"]
        known = {word for thing in things().values() for word in thing.types}
        locks = frozenset[str]().union(*(state.release for state in states()))
        counted = [one for one in counted_in(root, self._index) if known.isdisjoint(one.types)]
        ended = dict[str, frozenset[str]]()
        for one in counted:
            ended |= {word: ended.get(word, frozenset()) | one.releases for word in one.types}
        pairs = list(paired_in(root, self._index, ended))
        known |= {*parts, *(word for one in counted if _is_taken(one) for word in one.types)}
        merged = [_with_getters(one, pairs) for one in counted]
        own = {(one.types, one.releases) for one in counted}
        others = [one for one in pairs if known.isdisjoint(one.types) and (one.types, one.releases) not in own]
        every = (*filter(_is_taken, merged), *others)
        return tuple(one for one in every if locks.isdisjoint(one.releases))


def _is_taken(thing: Thing) -> bool:
    """Whether functions are known that take it: of what is counted they may be too many, or too different."""
    return bool(thing.returning or thing.taking or thing.filling)


def _with_getters(counted: Thing, pairs: Sequence[Thing]) -> Thing:
    """What is counted, with the calls by which functions get what they give back: how often that is counted by then who makes it
    says, and no name does."""
    more = [one for one in pairs if one.types == counted.types and one.releases == counted.releases]
    returning = counted.returning.union(*(one.returning for one in more))
    filling = {name: at for one in (counted, *more) for name, at in one.filling.items()}
    return replace(counted, returning=returning, filling=filling, lent=bool(more) and not _is_taken(counted))


def owned_of(index: KernelIndex) -> Owned:
    """The answers of a tree, shared by all who ask."""
    return shared(index, Owned)
