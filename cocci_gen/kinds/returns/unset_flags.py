"""A file and the tree -> the tests of a page flag that can never hold there, as nothing of its folder sets the flag.

The flag that a page is being written to the local cache is set by a file system itself, or by the read helpers of netfs that it
uses.  A wait that hangs on it is dead code in a file system that does neither.
"""

from __future__ import annotations

import re

from cocci_gen.facts.index import KernelIndex

#: Tests of one flag, and what sets it or leads to where it is set.
_TESTS = ("PageFsCache", "PagePrivate2", "folio_test_fscache", "folio_test_private_2")
_SETTERS = (
    r"(?:Set|TestSet)Page(?:FsCache|Private2)|folio_(?:test_)?set_(?:fscache|private_2)|set_page_(?:fscache|private_2)|"
    r"folio_start_(?:fscache|private_2)|netfs_(?:read_folio|readpage|readahead|write_begin|begin_read|buffered_\w+|unbuffered_\w+)"
)
_SET = re.compile(rf"\b(?:{_SETTERS})\b")


def unset_flags(path: str, index: KernelIndex) -> frozenset[str]:
    """The names of tests that never hold in the folder of a file."""
    folder = path.rpartition("/")[0] + "/"
    every = "|".join(_TESTS) + "|" + _SETTERS
    asked = rf"\b({every})\b".replace("(?:", "(")
    lines = [line.text for line in index.search(asked) if line.path.startswith(folder)]
    return frozenset() if any(map(_SET.search, lines)) else frozenset(_TESTS)
