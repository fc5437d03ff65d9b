"""A diff -> the same without the binary files whose data it does not hold, and what these are called.

`git diff` says only that such files differ, unless it is told --binary; `git apply` refuses the whole diff then.
"""

from __future__ import annotations

import re

_SECTION = re.compile(rb"^(?=diff --git )", re.MULTILINE)
_DIFFER = re.compile(rb"^Binary files (.+) differ\r?$", re.MULTILINE)
_DATA = re.compile(rb"^(?:GIT binary patch|@@ )", re.MULTILINE)


def without_binaries(diff: bytes) -> tuple[bytes, tuple[str, ...]]:
    """A diff -> what of it can be applied, and the two names of each file that is left out."""
    kept, left = [], []
    for section in _SECTION.split(diff):
        found = _DIFFER.search(section)
        if found and section.startswith(b"diff --git ") and not _DATA.search(section):
            left.append(found[1].decode("utf-8", "replace"))
        else:
            kept.append(section)
    return b"".join(kept), tuple(left)


def is_bare(diff: bytes) -> bool:
    """Whether the names in a diff of git have no a/ and b/ in front of them, as `diff.noprefix` makes it."""
    heads = re.findall(rb"^diff --git (.+?)\r?$", diff, re.MULTILINE)
    return bool(heads) and all(_same(head) for head in heads)


def _same(head: bytes) -> bool:
    """Whether the two names of a head are one."""
    middle = len(head) // 2
    return head[middle : middle + 1] == b" " and head[:middle] == head[middle + 1 :]
