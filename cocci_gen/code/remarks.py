"""Text of C -> the same with comments, strings and characters blanked: what stands in them is no code."""

from __future__ import annotations

import re

_INSIGNIFICANT = re.compile(rb'/\*.*?\*/|//[^\n]*|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)+\'', re.S)
_SIGN = re.compile(rb"[^\n]")


def blanked(text: bytes) -> bytes:
    """The text, of the same length and with the same lines."""
    return _INSIGNIFICANT.sub(lambda found: _SIGN.sub(b" ", found[0]), text)
