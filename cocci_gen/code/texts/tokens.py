"""C text -> its tokens: what is left when comments and white space go."""

from __future__ import annotations

import re

_TOKEN = re.compile(
    rb"""(?P<left_out>/\*.*?(?:\*/|\Z)|//(?:\\\r?\n|[^\n])*|\\\r?\n|[ \t\r\f\v]+)
    |(?P<directive>^[ \t]*\#)
    |(?P<line>\n)
    |"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|\w+|.""",
    re.S | re.X | re.M,
)


def tokens(text: bytes) -> tuple[bytes, ...]:
    """The tokens of a text, in order; a line ends where a directive does, for it says how far that goes."""
    found: list[bytes] = []
    in_directive = False
    for match in _TOKEN.finditer(text):
        if match["line"]:
            if in_directive:
                found.append(b"\n")
            in_directive = False
        elif match["directive"]:
            in_directive = True
            found += [b"\n", b"#"]
        elif not match["left_out"]:
            found.append(match[0])
    return tuple(found)
