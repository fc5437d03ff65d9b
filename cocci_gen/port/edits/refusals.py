"""What spatch says of a rule that it does not take -> one sentence for a person."""

from __future__ import annotations

import re

#: What spatch names first, whatever is wrong.
_FIRST = re.compile(r".*\bmacros\.h; ", re.S)
_PLACE = re.compile(r'File "rule\.cocci", line (\d+)')
#: Behind what is wrong stands where, or what spatch keeps the text in.
_REST = re.compile(r": \[|[:;]\s*File |; ")


def line_of_refusal(said: str) -> int:
    """The line of a rule that spatch stops at, 0 where it names none."""
    place = _PLACE.search(said)
    return int(place[1]) if place else 0


def refused_for(said: str) -> str:
    """In words, without how it was started and where."""
    words = _REST.split(_FIRST.sub("", said, count=1), maxsplit=1)[0].strip(" :;")
    return f"spatch does not take it ({words})" if _FIRST.match(said) else said
