"""A call that counts one more reference by hand, `refcount_inc(&bed->users)` -> on what, and whether it may find none left."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from cocci_gen.code.graphs.control_flow import Call
from cocci_gen.kinds.takes.words.things import Thing
from cocci_gen.resources import data_tables

_COUNT = re.compile(r"&\s*\(?(\w+)\)?\s*->\s*(\w+)")


@cache
def _calls(sort: str) -> frozenset[str]:
    return frozenset(data_tables("kinds/takes/words/things.toml")["counting"][sort])


def counted_by_hand(call: Call, thing: Thing) -> str:
    """The variable that leads to what a call counts once more, where the member is one in which a file system counts such things;
    "" for none."""
    counts = thing.owned and (call.callee in _calls("more") or may_find_none(call))
    found = _COUNT.fullmatch(call.arguments[0]) if counts and call.arguments else None
    return found[1] if found and found[2] in thing.vocabulary.counters else ""


def may_find_none(call: Call) -> bool:
    """Whether a call counts only where there is a reference left, and tells by its value whether it has."""
    return call.callee in _calls("tries")


def counts_by_hand(text: bytes, thing: Thing) -> bool:
    """Whether the text of a function counts such a thing by hand."""
    members = thing.vocabulary.counters
    return bool(thing.owned and members) and _pattern(members).search(text) is not None


@lru_cache(maxsize=1 << 10)
def _pattern(members: frozenset[str]) -> re.Pattern[bytes]:
    calls = "|".join(sorted(_calls("more") | _calls("tries")))
    return re.compile(rf"(?:{calls})\s*\(\s*&\s*\w+\s*->\s*(?:{'|'.join(sorted(members))})\s*[,)]".encode())
