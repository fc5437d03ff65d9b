"""A tree and the files of some findings -> the helpers that undo a mapping beside what their name says.

`put_page()` in the body of a helper says that a reference goes, and its kunmap() that the mapping goes with it; the name of the
helper says neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from cocci_gen.kernel.tree import KernelTree

#: A function with a body of so few lines does what it calls, and no more.
_FEW = 8
_FUNCTION = re.compile(r"^[\w *]*\b(\w+)\([^;{}()]*\)\s*\{((?:\n(?!\}).*)*)\n\}", re.MULTILINE)
_UNMAPS = re.compile(r"\bk?unmap\w*\s*\(|\b\w*(?:_kunmap|release_kmap)\w*\s*\(")
_OWN_HEADER = re.compile(r'^#include "([\w./-]+)"', re.MULTILINE)


def unmapping_helpers(tree: KernelTree, paths: Iterable[str]) -> frozenset[str]:
    """The short functions of some files, and of the headers beside them that they include, which undo a mapping: `name()`."""
    every = {path for one in set(paths) for path in (one, *_headers(tree, one))}
    return frozenset(f"{name}()" for path in sorted(every) for name in _unmapping(_text(tree, path)))


def _headers(tree: KernelTree, path: str) -> Iterator[str]:
    """The headers of its own folder that a file includes."""
    for name in _OWN_HEADER.findall(_text(tree, path)):
        if "/" not in name:
            yield str(PurePosixPath(path).parent / name)


def _text(tree: KernelTree, path: str) -> str:
    return (tree.text_of(path) or b"").decode("utf-8", "replace")


def _unmapping(text: str) -> Iterator[str]:
    for found in _FUNCTION.finditer(text):
        if found[2].count("\n") <= _FEW and _UNMAPS.search(found[2]):
            yield found[1]
