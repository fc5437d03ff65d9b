"""The text of a TOML file -> the line of a table or of a key in it: tomllib gives values without their places."""

from __future__ import annotations

import re
from collections.abc import Iterator

_HEADING = re.compile(r"[ \t]*\[{1,2}([^\[\]]+)\]{1,2}[ \t]*(?:#.*)?\r?")
_KEY = re.compile(r"[ \t]*(?:\"([^\"]*)\"|'([^']*)'|([\w-]+))[ \t]*[.=]")
_LONG_STRING = re.compile(r'"""|\'\'\'')


def line_of(text: str, table: str, key: str = "", number: int = 0) -> int:
    """The line of a key in the number-th table of a name ("a.b"; "" is what stands above all of them).

    Where it has no such key the line of its heading, where it has no heading that of the key or table that holds it, else 0.
    """
    heading = at = 0
    name, seen = "", -1
    inner = f"{table}.{key}".lstrip(".")
    for line, words in _lines(text):
        if found := _HEADING.fullmatch(words):
            name = ".".join(part.strip(" \t\"'") for part in found[1].split("."))
            seen += name == table
            heading = line if name == table and seen == number else heading
            if key and (name == inner or name.startswith(f"{inner}.")):
                at = at or line
        elif key and name == table and max(seen, 0) == number and _name(words) == key:
            at = at or line
    if at or heading or not table:
        return at or heading
    above, _, last = table.rpartition(".")
    return line_of(text, above, last)


def _name(words: str) -> str:
    """The first part of the key that a line begins with."""
    found = _KEY.match(words)
    return next(filter(None, found.groups()), "") if found else ""


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """The numbered lines that do not begin inside of a string of several lines."""
    closing = ""
    for number, line in enumerate(text.split("\n"), 1):
        begun = closing
        for mark in _LONG_STRING.findall(line):
            closing = mark if not closing else "" if mark == closing else closing
        if not begun:
            yield number, line
