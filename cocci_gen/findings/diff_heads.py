"""The path of a file -> how the head of a diff names it: whoever wrote the tree also chose the names of its files."""

from __future__ import annotations

#: What git writes behind a backslash for a byte; all others that have to be hidden are octal.
_ESCAPES = {7: "\\a", 8: "\\b", 9: "\\t", 10: "\\n", 11: "\\v", 12: "\\f", 13: "\\r", 34: '\\"', 92: "\\\\"}


def side_name(side: str, path: str) -> str:
    """`a/path` or `b/path` as git writes it: in quotes where a line feed, a quote or a byte that is no UTF-8 would make it
    another file or another line, with a tab behind it where a blank would end it."""
    name = f"{side}/{path}"
    pieces = [_piece(character) for character in name]
    if all(len(piece) == 1 for piece in pieces):
        return f"{name}\t" if " " in name else name
    return f'"{"".join(pieces)}"'


def _piece(character: str) -> str:
    if character.isprintable() and character not in '"\\':
        return character
    written = character.encode("utf-8", "surrogateescape")
    return "".join(_ESCAPES.get(byte, f"\\{byte:03o}") for byte in written)
