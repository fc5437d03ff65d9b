"""The path patterns of MAINTAINERS (F:, X:, N:) -> which of them a path meets.

They are Perl regular expressions made from globs, anchored at the start only (get_maintainer.pl, file_match_pattern).
Ten thousand of them are tried per path, so they are kept by the folder that they begin with; and as they come from the
tree, none may take exponential time.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Generic, TypeVar

#: Repetitions in a pattern that is no plain glob; with each one more, matching takes a path's length times longer.
_MOST_REPETITIONS = 3
#: Longer paths are not tried with such patterns.
_LONGEST_PATH = 300
_NESTED_REPEAT = re.compile(r"\)\s*[*+{]|[*+}]\s*[*+{]")
#: What only stands for itself in a glob, once the dots are escaped; `[ch]` included.
_GLOB = re.compile(r"(?:[\w/,@ :~=%#&!;'\"<>-]|\\\.|\.|\.\*|\[[\w-]+\])*", re.ASCII)


class PatternUnfit(Exception):
    """A pattern that is no regular expression, or one that could take for ever."""


Entry = TypeVar("Entry")


@dataclass(frozen=True, slots=True)
class _Pattern(Generic[Entry]):
    """One F: or X: pattern: its regular expression, the slashes it holds, its depth, and what it was kept with."""

    regex: re.Pattern[str]
    slashes: int
    is_folder: bool
    depth: int
    owner: int
    entry: Entry

    def meets(self, path: str) -> bool:
        """A pattern that is no folder must have as many slashes as the path."""
        return (self.is_folder or path.count("/") == self.slashes) and self.regex.match(path) is not None


@dataclass(slots=True)
class PatternTable(Generic[Entry]):
    """All F: and X: patterns by the literal folder that each begins with."""

    directories: frozenset[str]
    _by_folder: dict[str, list[_Pattern[Entry]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, value: str, owner: int, entry: Entry) -> None:
        """Keep a pattern under its owner; PatternUnfit where it cannot be used."""
        escaped = value.replace(".", r"\.").replace("*", ".*").replace("?", ".")
        if escaped in self.directories:
            escaped += "/"
        slashes, is_folder = escaped.count("/"), escaped.endswith("/")
        depth = -1 if escaped.startswith(".*") else slashes + (not is_folder)
        literal = re.match(r"(?:[\w,@/-]|\\\.)*(?![*+?{])", escaped)
        folder = literal[0].rpartition("/")[0].replace("\\", "") if literal else ""
        self._by_folder[folder].append(_Pattern(_compiled_glob(escaped), slashes, is_folder, depth, owner, entry))

    def hits(self, path: str) -> Iterator[tuple[int, Entry, int]]:
        """Owner, entry and depth of each pattern that the path meets."""
        folder = path
        while folder:
            folder = folder.rpartition("/")[0]
            for pattern in self._by_folder.get(folder, ()):
                if pattern.meets(path):
                    yield pattern.owner, pattern.entry, pattern.depth


def name_regex(value: str) -> re.Pattern[str]:
    """An N: value -> its regular expression, anchored nowhere, blanks ignored; PatternUnfit where it cannot be used."""
    return _compiled(value, re.VERBOSE)


def name_meets(regex: re.Pattern[str], path: str) -> bool:
    """Whether a path meets an N: pattern."""
    return len(path) <= _LONGEST_PATH and regex.search(path) is not None


def _compiled_glob(escaped: str) -> re.Pattern[str]:
    """A glob as the script escapes it -> its regular expression.

    As nothing anchors the end, the first place where each literal piece fits is as good as any: atomic groups take it
    and never go back, so the time is linear.
    """
    if not _GLOB.fullmatch(escaped):
        return _compiled(escaped)
    head, *pieces = escaped.split(".*")
    return re.compile(head + "".join(f"(?>.*?{piece})" for piece in pieces if piece))


def _compiled(pattern: str, flags: re.RegexFlag = re.NOFLAG) -> re.Pattern[str]:
    """A pattern of the tree -> its regular expression; refuses what may backtrack without end."""
    pattern = re.sub(r"(?:\.\*)+", ".*", pattern)
    if len(re.findall(r"(?<!\\)[*+{]", pattern)) > _MOST_REPETITIONS or _NESTED_REPEAT.search(pattern):
        raise PatternUnfit(f"the pattern {pattern[:60]!r} has too many or nested repetitions")
    try:
        return re.compile(pattern, flags)
    except (re.error, RecursionError, OverflowError) as error:
        raise PatternUnfit(f"the pattern {pattern[:60]!r} is no regular expression: {error}") from error
