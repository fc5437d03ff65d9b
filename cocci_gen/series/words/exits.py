"""Breach -> the words for how the function is left: what it returns, and whether that is a constant."""

from __future__ import annotations

import re

from cocci_gen.findings.findings import Breach


def known_exit(breach: Breach) -> tuple[str, str] | None:
    """The constant that the last test has found in the variable that is returned; None where it has found none."""
    found = re.fullmatch(r"(\w+) == (-?[A-Z][A-Z0-9_]+)", breach.condition.strip())
    if found is None or not breach.taken or breach.statement.strip() != f"return {found[1]};":
        return None
    return f"returns {found[2]}", found[2]


def exit_words(statement: str, line: int, base: bytes) -> tuple[str, str]:
    """`return -EIO;` -> (`returns -EIO`, `-EIO`); the second is empty where it is no constant, nor set to one right above."""
    squeezed = re.sub(r"^return \((-?\w+)\);$", r"return \1;", " ".join(statement.split()))
    if found := re.fullmatch(r"return ([a-z_]\w*);", squeezed):
        lines = base.decode("utf-8", "surrogateescape").split("\n")[max(0, line - 5) : line]
        indent = lines[-1][: len(lines[-1]) - len(lines[-1].lstrip())] if lines else ""
        for text in reversed(lines[:-1]):
            if not text.startswith(indent) or text[len(indent) :][:1].isspace() or text.strip().endswith(":"):
                break
            if given := re.fullmatch(rf"{found[1]} = (-E[A-Z0-9]+);", text.strip()):
                return f"returns {given[1]}", given[1]
    if found := re.fullmatch(r"return\s*\(?(-?[A-Z][A-Z0-9_]+|\d+)\)?\s*;?", squeezed):
        return f"returns {found[1]}", found[1]
    if (found := re.fullmatch(r"return\s+(.+?)\s*;?", squeezed)) and len(found[1]) <= 40:
        return f"returns {found[1]}", ""
    if squeezed.startswith("return"):
        return "returns", ""
    return "ends", ""


def carried(line: int, variable: str, base: bytes) -> str:
    """The error number that a variable holds at the jump in a line, where that is plain: set above in its block or one around it,
    with nothing in between that sets it or that one could jump to; else ""."""
    *above, jump = base.decode("utf-8", "surrogateescape").split("\n")[:line]
    sets = re.compile(rf"(?<![\w.>]){re.escape(variable)}\s*=(?!=)\s*(.*)|&{re.escape(variable)}\b")
    room = _indentation(jump)
    for text in filter(str.strip, reversed(above)):
        if found := sets.search(text):
            given = re.fullmatch(r"(-E[A-Z0-9]+);", found[1] or "")
            return given[1] if given and _indentation(text) <= room else ""
        if not text[0].isspace() or re.fullmatch(r"\s*(?:\w+|case .*):", text):
            return ""
        room = min(room, _indentation(text))
    return ""


def _indentation(text: str) -> int:
    return len(text.expandtabs(8)) - len(text.expandtabs(8).lstrip())
