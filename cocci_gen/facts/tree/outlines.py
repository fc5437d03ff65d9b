"""Outlines of all files of a tree -> which of them may define or call a function, fill in a method, or name one in a table.

Names are kept as numbers, 4 bytes each: two names with the same one cost a file that is parsed for nothing.
"""

from __future__ import annotations

import zlib
from array import array
from bisect import bisect_left
from collections.abc import Container, Iterable, Mapping

from cocci_gen.code.texts.outline import Outline

#: So many questions are answered by looking through what is not in order, before it is put in order.
_PATIENCE = 3
#: Names are put in order in so many parts, one after the other, which takes less memory.
_PARTS = 16


def numbered(names: Iterable[bytes]) -> bytes:
    """Names as they are kept."""
    return array("I", sorted(map(zlib.crc32, names))).tobytes()


def packed(one: Outline) -> tuple[bytes, ...]:
    """The functions, tabled and assigned methods, targets, tags and calls of an outline as they are kept."""
    return tuple(map(numbered, (one.functions, one.tabled, one.assigned, one.targets, one.tags, one.called)))


def in_order(kept: Iterable[tuple[int, bytes]]) -> bytes:
    """The packed names of blobs, with the blob in the lower half of each number, in order."""
    parts = [array("Q") for _ in range(_PARTS)]
    for blob, names in kept:
        for number in _read(names):
            parts[number * _PARTS >> 32].append(number << 32 | blob)
    return b"".join(array("Q", sorted(part)).tobytes() for part in parts)


class Names:
    """The names of one sort over all files of a tree."""

    def __init__(self, ordered: bytes | array[int], kept: Mapping[int, bytes], held: Container[int]) -> None:
        """`ordered` is what `in_order` made of some blobs, `kept` the packed names of others; `held` are those of the tree."""
        self._ordered: array[int] = array("Q", ordered) if isinstance(ordered, bytes) else ordered
        self._kept = kept
        self._held = held
        self._asked = 0
        self._found: dict[str, list[int]] = {}
        self._rest: array[int] | None = None

    def over(self, held: Container[int], more: Mapping[int, bytes]) -> Names:
        """The same names over another tree, and the packed names of further blobs."""
        names = Names(self._ordered, {**self._kept, **more}, held)
        names._rest = None if more else self._rest
        return names

    def blobs(self, name: str) -> list[int]:
        """The blobs of the tree that have a name, ascending; the list is not to be changed."""
        if name not in self._found:
            wanted = zlib.crc32(name.encode("utf-8", "surrogateescape"))
            found = [*_with(self._ordered, wanted), *self._others(wanted)]
            self._found[name] = sorted({blob for blob in found if blob in self._held})
        return self._found[name]

    def _others(self, wanted: int) -> list[int]:
        self._asked += 1
        if self._rest is None and self._asked > _PATIENCE:
            self._rest = array("Q", in_order(self._kept.items()))
        if self._rest is not None:
            return _with(self._rest, wanted)
        sign = array("I", [wanted]).tobytes()
        return [blob for blob, names in self._kept.items() if sign in names and wanted in _read(names)]


def _with(ordered: array[int], wanted: int) -> list[int]:
    """The blobs that have the name of a number."""
    found = []
    for place in range(bisect_left(ordered, wanted << 32), len(ordered)):
        if ordered[place] >> 32 != wanted:
            break
        found.append(ordered[place] & 0xFFFFFFFF)
    return found


def _read(names: bytes) -> array[int]:
    found: array[int] = array("I")
    found.frombytes(names)
    return found
