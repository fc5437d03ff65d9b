"""A file and its neighbours -> from which line on it knows the version of the kernel: by `linux/version.h` itself, or by a header
of the module that includes it, however many headers are between.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping

from cocci_gen.code.texts.directives import groups_of, is_guard

#: The line of a file that never knows it: behind every other.
NEVER = 1 << 30
_HEADER = "linux/version.h"
_INCLUDE = re.compile(rb"^[ \t]*#[ \t]*include[ \t]*[<\"]([^>\"\n]+)[>\"]")
#: A chain of more headers is one that nobody follows.
_DEPTH = 32


def known_from(path: str, texts: Mapping[str, bytes]) -> int:
    """A file of some texts by path -> the line (from 0) behind the include that brings the version; NEVER where none does without
    a condition."""
    return _known_from(path, texts, {}, _DEPTH)


def _known_from(path: str, texts: Mapping[str, bytes], seen: dict[str, int], depth: int) -> int:
    """The same; `seen` are the files that were asked before, those that are being asked as well."""
    if path not in seen:
        seen[path] = NEVER
        lines = (
            line + 1
            for line, folder, name in _includes(path, texts[path])
            if name == _HEADER or (depth and _brings(name, folder, texts, seen, depth - 1))
        )
        seen[path] = next(lines, NEVER)
    return seen[path]


def _brings(name: str, folder: str, texts: Mapping[str, bytes], seen: dict[str, int], depth: int) -> bool:
    """Whether each header that a name may mean brings it: the one beside the file, else those somewhere on the module's paths."""
    beside = posixpath.normpath(posixpath.join(folder, name))
    meant = [beside] if beside in texts else [one for one in texts if f"/{one}".endswith(f"/{name}")]
    return bool(meant) and all(_known_from(one, texts, seen, depth) < NEVER for one in meant)


def _includes(path: str, text: bytes) -> Iterator[tuple[int, str, str]]:
    """The includes that no condition decides: line, the folder to look into first, name."""
    if b"include" not in text:
        return
    lines = text.split(b"\n")
    groups = [group for group in groups_of(lines)[0] if not is_guard(group, lines)]
    for number, line in enumerate(lines):
        found = _INCLUDE.match(line)
        if found and not any(group.branches[0].first <= number < group.end_last for group in groups):
            yield number, posixpath.dirname(path), found[1].decode("utf-8", "surrogateescape").strip()
