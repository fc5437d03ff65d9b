"""A pattern that begins with a name -> where it fits in a text, found by what stands in each such name."""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORD = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_")


def places_of(pattern: re.Pattern[bytes], stems: Iterable[bytes], text: bytes) -> list[int]:
    """Where a pattern fits that begins with the whole of a name, in which one of the stems stands: Python tries a choice of names
    at every word of a text, and finds one sequence of bytes in a tenth of the time."""
    found = set[int]()
    for stem in stems:
        at = text.find(stem)
        while at >= 0:
            start = at
            while start and text[start - 1] in _WORD:
                start -= 1
            if start not in found and pattern.match(text, start):
                found.add(start)
            at = text.find(stem, at + len(stem))
    return sorted(found)
