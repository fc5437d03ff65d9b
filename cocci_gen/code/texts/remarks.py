"""Text of C -> the same with comments, strings and characters blanked: what stands in them is no code."""

from __future__ import annotations

import re
from functools import lru_cache

_INSIGNIFICANT = re.compile(rb'/\*.*?\*/|//[^\n]*|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)+\'', re.S)
#: Makes a blank of every byte but the ends of lines.
BLANKS = bytes(sign if sign == 0x0A else 0x20 for sign in range(256))


def blanked(text: bytes) -> bytes:
    """The text, of the same length and with the same lines."""
    return _INSIGNIFICANT.sub(lambda found: found[0].translate(BLANKS), text)


@lru_cache(maxsize=512)
def code_of(text: bytes) -> bytes:
    """The same of a function, whose text many ask for one after the other."""
    return blanked(text)
