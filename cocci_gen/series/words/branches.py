"""The lines of a file -> the `if`s that stand there, and what stands in them and above them, by the way they are written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import takewhile

#: How far above an exit its function is looked at, and how far below a branch for its jump.
_WINDOW = 400
BODY = 12
#: How many lines a condition may have.
CONDITION = 6


@dataclass(frozen=True, slots=True)
class Branch:
    """An `if` of the file: the line that it begins in and its operands, with the operator between them."""

    line: int
    operands: tuple[str, ...]
    operator: str


def branch_at(lines: list[str], line: int) -> Branch | None:
    """The `if` whose condition reaches into a line; nothing where it is no plain `if`."""
    for start in range(line, max(0, line - CONDITION), -1):
        if found := re.match(r"\s*(?:\}\s*else\s+)?if\s*\(", lines[start - 1]):
            text = "\n".join([lines[start - 1][found.end() :], *lines[start : start + CONDITION]])
            inside = _balanced(re.sub(r"/\*.*?\*/", lambda found: re.sub(r"[^\n]", " ", found[0]), text))
            if inside is None or start + inside.count("\n") < line:
                return None
            parts = [" ".join(part.split()) for part in _split(inside)]
            operators = set(parts[1::2])
            return Branch(
                start, tuple(parts[::2]), operators.pop() if len(operators) == 1 else "mixed" if operators else ""
            )
    return None


def _balanced(text: str) -> str | None:
    """What stands before the bracket that closes one opened before the text."""
    depth = 1
    for place, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return text[:place]
    return None


def _split(condition: str) -> list[str]:
    """Operands and the && and || between them that are in no brackets."""
    parts, depth, place = [""], 0, 0
    while place < len(condition):
        if depth == 0 and condition[place : place + 2] in ("&&", "||"):
            parts += [condition[place : place + 2], ""]
            place += 2
            continue
        depth += (condition[place] == "(") - (condition[place] == ")")
        parts[-1] += condition[place]
        place += 1
    return parts


def body_of(lines: list[str], branch: Branch) -> list[str]:
    """The first lines of the body of a branch, by their indentation."""
    depth = indent(lines[branch.line - 1])
    window = lines[branch.line : branch.line + BODY]
    return list(takewhile(lambda line: not line.strip() or indent(line) > depth, window))


def text_above(lines: list[str], line: int) -> str:
    """The part of a function above one of its lines."""
    window = lines[max(0, line - _WINDOW) : line]
    ends = [number for number, text in enumerate(window) if text.startswith("}")]
    return "\n".join(window[ends[-1] + 1 if ends else 0 :])


def indent(line: str) -> int:
    """How far a line is indented, in columns."""
    expanded = line.expandtabs(8)
    return len(expanded) - len(expanded.lstrip())
