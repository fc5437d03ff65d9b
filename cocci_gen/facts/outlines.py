"""Outlines of all files of a tree -> which of them may define a function, fill in a method, or name a function in a table.

Names are kept as numbers, 4 bytes each: two names with the same one cost a file that is parsed for nothing.
"""

from __future__ import annotations

import zlib
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping

from cocci_gen.code.outline import Outline

#: So many questions are answered by looking through everything, before it is sorted.
_PATIENCE = 3


def numbered(names: Iterable[bytes]) -> bytes:
    """Names as they are kept."""
    return array("I", sorted(map(zlib.crc32, names))).tobytes()


def packed(one: Outline) -> tuple[bytes, ...]:
    """The functions, tabled and assigned methods, targets and tags of an outline as they are kept."""
    return tuple(map(numbered, (one.functions, one.tabled, one.assigned, one.targets, one.tags)))


class Names:
    """The names of one sort over all files of a tree."""

    def __init__(self, kept: Mapping[int, bytes]) -> None:
        """`kept` are the packed names of each blob."""
        self._kept = kept
        self._asked = 0
        self._sorted: array[int] | None = None

    def blobs(self, name: str) -> list[int]:
        """The blobs that have a name, ascending."""
        wanted = zlib.crc32(name.encode("utf-8", "surrogateescape"))
        self._asked += 1
        if self._sorted is None and self._asked > _PATIENCE:
            self._sorted = array(
                "Q", sorted(n << 32 | blob for blob, names in self._kept.items() for n in _read(names))
            )
        if self._sorted is None:
            sign = array("I", [wanted]).tobytes()
            return sorted(blob for blob, names in self._kept.items() if sign in names and wanted in _read(names))
        first = bisect_left(self._sorted, wanted << 32)
        last = bisect_right(self._sorted, wanted << 32 | 0xFFFFFFFF)
        return [number & 0xFFFFFFFF for number in self._sorted[first:last]]


def _read(names: bytes) -> array[int]:
    found: array[int] = array("I")
    found.frombytes(names)
    return found
