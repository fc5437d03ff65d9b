"""The text of a C file -> Plain, the same without comments and strings, and the words that are left; read once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_WORD = re.compile(rb"[A-Za-z_]\w*")


def words_of(text: bytes) -> frozenset[bytes]:
    """The identifiers of a text."""
    return frozenset(_WORD.findall(text))


def blank_comments(text: bytes) -> bytes:
    """The text with comments and strings blanked, lines kept."""

    def blank(match: re.Match[bytes]) -> bytes:
        return re.sub(rb"[^\n]", b" ", match.group())

    return re.sub(rb"/\*.*?\*/|//[^\n]*|\"(?:[^\"\\\n]|\\.)*\"(?!\s*\n#)", blank, text, flags=re.S)


@dataclass(frozen=True, slots=True)
class Plain:
    """A file without comments and strings, and the words that are left."""

    code: bytes
    words: frozenset[bytes]


@lru_cache(maxsize=2048)
def plain(text: bytes) -> Plain:
    """Read once, however often a port asks for the same text."""
    code = blank_comments(text)
    return Plain(code, words_of(code))
