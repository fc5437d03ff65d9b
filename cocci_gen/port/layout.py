"""A file before and after spatch -> the same change laid out as its surroundings are.

spatch keeps the layout of what it leaves alone; of what it writes it breaks some lines late and leaves blanks at line ends.
"""

from __future__ import annotations

import difflib
import re


def relaid(before: bytes, after: bytes) -> bytes:
    """The text after, its new lines without blanks at the end and with the line ends of the file."""
    crlf = b"\r\n" in before
    old = before.split(b"\n")
    new = after.split(b"\n")
    result: list[bytes] = []
    for tag, _, _, first, last in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        for line in new[first:last]:
            result.append(line if tag == "equal" else _tidy(line, crlf=crlf))
    return b"\n".join(result)


def _tidy(line: bytes, *, crlf: bool) -> bytes:
    bare = re.sub(rb"[ \t\r]+$", b"", line)
    return bare + (b"\r" if crlf and bare else b"")
