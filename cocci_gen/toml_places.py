"""A TOML file that a person writes -> its text, its tables, and the line of a table or of a key in it: tomllib gives values
without their places."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cocci_gen.errors import RuleDocumentError

_SORTS = (
    (Path.is_dir, "a folder"), (Path.is_fifo, "a FIFO"), (Path.is_socket, "a socket"), (Path.exists, "a device")
)  # fmt: skip

_HEADING = re.compile(r"[ \t]*\[{1,2}([^\[\]]+)\]{1,2}[ \t]*(?:#.*)?\r?")
_KEY = re.compile(r"[ \t]*(?:\"([^\"]*)\"|'([^']*)'|([\w-]+))[ \t]*[.=]")
_LONG_STRING = re.compile(r'"""|\'\'\'')


def user_text(path: Path) -> str:
    """A file -> its text; RuleDocumentError for what is no plain file (a FIFO would be waited for) and for the line that is not
    UTF-8, OSError for what is not there or may not be read."""
    if not path.is_file() and (sort := next((words for asks, words in _SORTS if asks(path)), "")):
        raise RuleDocumentError(path, 0, f"is {sort} and no plain file; put a file of TOML there, or name another one")
    data = path.read_bytes()
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise RuleDocumentError(path, line, "is not UTF-8; save the file as UTF-8") from error


def tables_in(text: str, path: Path) -> dict[str, Any]:
    """The tables of a text; RuleDocumentError names the line that is no TOML."""
    if text.startswith("\ufeff"):
        raise RuleDocumentError(path, 1, "begins with a byte order mark; save the file as UTF-8 without one (no BOM)")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+)", str(error))
        line = int(found[1]) if found else text.count("\n") + 1
        raise RuleDocumentError(path, line, f"is no TOML: {error}; mend that line") from error


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
