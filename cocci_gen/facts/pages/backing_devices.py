"""KernelIndex -> BackingDevices, which backing device the file systems of a folder give their super blocks.

By it the flusher threads come to dirty inodes, and its end takes a grace period.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.shared import shared
from cocci_gen.resources import data_tables

_DATA = "facts/pages/backing_devices.toml"


class BackingDevices:
    """The backing devices of one tree's file systems, by the folder that they lie in; every answer is remembered."""

    def __init__(self, index: KernelIndex) -> None:
        self._index = index
        self._known: dict[tuple[str, str], bool] = {}

    def own(self, folder: str) -> bool:
        """Whether super blocks get one of their own."""
        return self._names("own", folder)

    def none(self, folder: str) -> bool:
        """Whether file systems are registered there, and nothing that is called there leads to a backing device."""
        return self._names("registers", folder) and not self._names("words", folder)

    def _names(self, what: str, folder: str) -> bool:
        if (what, folder) not in self._known:
            called = _calls()[what]
            texts = (self._index.text(path) for path in self._index.files_in(folder))
            self._known[what, folder] = any(map(called.search, texts))
        return self._known[what, folder]


def backing_devices(index: KernelIndex) -> BackingDevices:
    """The backing devices of a tree, asked for once."""
    return shared(index, BackingDevices)


def calls_looked_for() -> tuple[re.Pattern[bytes], ...]:
    """What is looked for in the files of whole folders."""
    return tuple(_calls().values())


@dataclass(frozen=True, slots=True)
class Untagging:
    """What keeps the tags of dirty pages away from a mapping: calls that tell it so, and functions by which it dirties pages, in
    the entries of its table for some methods."""

    calls: frozenset[str]
    dirties: frozenset[str]
    dirtying: tuple[str, ...]


@cache
def untagging() -> Untagging:
    """What the data says of that."""
    data = data_tables(_DATA)["untagged"]
    return Untagging(frozenset(data["calls"]), frozenset(data["dirties"]), tuple(data["methods"]))


@cache
def _calls() -> dict[str, re.Pattern[bytes]]:
    """What is asked -> the calls that answer it."""
    data = data_tables(_DATA)
    return {
        "own": _call(data["own"]),
        "registers": _call(data["registers"]),
        "words": _call(rf"\w*{word}\w*" for word in data["words"]),
    }


def _call(names: Iterable[str]) -> re.Pattern[bytes]:
    return re.compile(rf"\b(?:{'|'.join(names)}) ?\(".encode())
