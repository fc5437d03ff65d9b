"""A semantic patch -> the block that shows it in a message."""

from __future__ import annotations

import re

_COLUMNS = 72


def smpl_block(text: str) -> str:
    """A semantic patch as it stands in a message: no comments, indented, long lines folded where spatch reads them still."""
    lines = [line.rstrip() for line in text.split("\n") if line.strip() and not line.startswith("//")]
    folded = [part for line in lines for part in _folded(line)]
    return "\n".join(["  // <smpl>", *(f"  {line}" for line in folded), "  // </smpl>"])


def _folded(line: str, room: int = _COLUMNS) -> list[str]:
    """A line of SmPL -> lines that fit, as far as spatch says the same of them: the sign in the first column and the indentation
    are repeated, a `when` ends with its line, and what a rule adds is written as it stands."""
    if len(line) <= room or line.startswith("+"):
        return [line]
    if " when " in line:
        return _whens(line)
    lines = []
    sign = line[0] if line[0] in "-*" else ""
    indent = sign + " " * (len(line) - len(line[len(sign) :].lstrip()) - len(sign) + 4)
    while len(line) > room:
        cut = max(line.rfind(mark, len(indent), room) + len(mark) for mark in (", ", "\\|", " "))
        if cut <= len(indent) + 1:
            break
        lines.append(line[:cut].rstrip())
        line = indent + line[cut:].lstrip()
    return [*lines, line]


def _whens(line: str) -> list[str]:
    """`... when != \\(a\\|b\\)` -> one `when` for each of what must not come."""
    found = re.fullmatch(r"(.*)when != \\\((.*)\\\)", line)
    if found is None:
        return [line]
    first, *others = found[2].split("\\|")
    return [f"{found[1]}when != {first}", *(f"     when != {other}" for other in others)]
