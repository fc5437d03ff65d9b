"""A text before and after a rule -> the text after, without the conditions that the rule left with nothing inside.

Two elements of an array that went from under `#ifdef CONFIG_FS_POSIX_ACL` leave it with its `#endif`; upstream takes both out.
"""

from __future__ import annotations

import re
from collections import Counter

_EMPTY = re.compile(rb"^[ \t]*#[ \t]*if[^\n]*(?<!\\)\n(?:[ \t]*\n)*[ \t]*#[ \t]*endif[^\n]*(?:\n|\Z)", re.MULTILINE)


def without_empty(before: bytes, after: bytes) -> bytes:
    """Conditions that were empty before stay: somebody wanted them so."""
    kept = Counter(_EMPTY.findall(before))
    if not _EMPTY.search(after):
        return after

    def left(found: re.Match[bytes]) -> bytes:
        kept[found[0]] -= 1
        return found[0] if kept[found[0]] >= 0 else b""

    return _EMPTY.sub(left, after)
