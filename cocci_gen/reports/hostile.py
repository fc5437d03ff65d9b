"""Words of a tree -> words that a format may hold: names, comments and code are written by whoever wrote the tree."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

#: What XML 1.0 and HTML cannot hold, control characters of terminals, and lone surrogates (bytes that are no UTF-8).
_ILLEGAL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def legal(text: str) -> str:
    """The text without what no document can hold; tabs and line feeds stay."""
    return _ILLEGAL.sub(REPLACEMENT, text)


def visible(text: str) -> str:
    """The text as it is to be read: also no direction marks and nothing invisible, which can make code look like other code."""
    return "".join(REPLACEMENT if unicodedata.category(one) == "Cf" else one for one in legal(text))


def one_line(text: str) -> str:
    """The text on one line."""
    return " ".join(visible(text).split())


def cleaned(value: Any) -> Any:
    """Plain values, however nested, with every text in them made legal."""
    if isinstance(value, str):
        return legal(value)
    if isinstance(value, dict):
        return {legal(key): cleaned(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [cleaned(one) for one in value]
    return value
