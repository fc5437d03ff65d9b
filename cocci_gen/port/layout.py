"""A file before and after spatch -> the same change laid out as its surroundings are.

spatch keeps the layout of what it leaves alone.  Of what it writes, it leaves blanks at line ends, moves the `=` of a table whose
member it renames, and puts a first declaration right above the code.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from cocci_gen.port.lines import opcodes

_ENTRY = re.compile(rb"^([ \t]*\.\w+)([ \t]*)(=.*)$", re.DOTALL)
_DECLARATION = re.compile(
    rb"^[ \t]+(?:(?:const|static|struct|union|enum|unsigned|signed)[ \t]+)*\w+[ \t]+\**\w+[^()]*(?:=.*)?;"
)
_STATEMENT_WORDS = re.compile(rb"^[ \t]+(?:return|goto|else|case|break|continue)\b")
_TAB = 8


def relaid(before: bytes, after: bytes) -> bytes:
    """The text after, its new lines as the file's own lines are."""
    crlf = b"\r\n" in before
    old, new = before.split(b"\n"), after.split(b"\n")
    result: list[bytes] = []
    opened = False
    for tag, start, end, first, last in opcodes(old, new):
        if tag == "equal":
            empty = bool(result) and opened and not new[first].strip() and result[-1].strip() == b"{"
            result += new[first + empty : last]
            opened = False
            continue
        opened = tag == "delete"  # what stood first in a body went, and with it the blank line behind it
        lines = [_tidy(line, crlf=crlf) for line in new[first:last]]
        if end - start == last - first:
            lines = [_aligned(was, now) for was, now in zip(old[start:end], lines, strict=True)]
        result += lines
        if lines and tag == "insert" and _wants_blank(result, new[last : last + 1]):
            result.append(b"\r" if crlf else b"")
    return b"\n".join(result)


def _tidy(line: bytes, *, crlf: bool) -> bytes:
    bare = re.sub(rb"[ \t\r]+$", b"", line)
    return bare + (b"\r" if crlf and bare else b"")


def _aligned(was: bytes, now: bytes) -> bytes:
    """A table entry whose `=` stands where it stood, if its longer name leaves room for that."""
    old, new = _ENTRY.match(was), _ENTRY.match(now)
    if old is None or new is None or old.group(1) == new.group(1) or b"\t" not in old.group(2):
        return now
    wanted, column = _width(old.group(1) + old.group(2)), _width(new.group(1))
    tabs = max(1, -(-(wanted - column) // _TAB))
    return new.group(1) + b"\t" * tabs + new.group(3)


def _width(text: bytes) -> int:
    return len(text.expandtabs(_TAB))


def _wants_blank(above: Sequence[bytes], below: Sequence[bytes]) -> bool:
    """Whether a declaration was put between the brace that opens a body and its first statement."""
    if len(above) < 2 or not below or not below[0].strip():
        return False
    declares = _DECLARATION.match(above[-1]) and not _STATEMENT_WORDS.match(above[-1])
    follows = _DECLARATION.match(below[0]) and not _STATEMENT_WORDS.match(below[0])
    return bool(declares) and not follows and above[-2].strip() == b"{"
