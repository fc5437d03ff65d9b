"""page_calls.toml -> CallVocabulary, what calls do to the page or folio that they are given."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from cocci_gen.code.graphs.control_flow import Call
from cocci_gen.facts.calls.own_calls import with_own_calls
from cocci_gen.own_words import with_own_words
from cocci_gen.resources import data_tables

#: A member of something whose address is given, `&inode->i_count`, `&dentry->d_lockref.count`.
_COUNTER = re.compile(r"&\(?(\w+)\)?->(\w+)")
#: Says of a call that it may count down.
_DOWN = re.compile(r"_dec|_sub|_put|_add_unless")
#: The method that a call through a table names.
_METHOD = re.compile(r"(?:->|\.)(\w+)\)?$")


@dataclass(frozen=True, slots=True)
class CallVocabulary:
    """page_calls.toml, read."""

    marks: dict[str, frozenset[str]]
    hands_on: frozenset[str]
    borrows: frozenset[str]
    stores: frozenset[str]
    neutral: frozenset[str]
    neutral_pattern: re.Pattern[str]
    alias: frozenset[str]
    part: frozenset[str]
    tag: frozenset[str]
    tag_argument: str
    put: frozenset[str]
    get: frozenset[str]
    took_nonzero: frozenset[str]
    took_zero: frozenset[str]
    negative: frozenset[str]
    methods: Mapping[str, frozenset[str]]
    #: Calls that count one more reference: who keeps what it counted keeps its own.
    counts: frozenset[str] = frozenset()
    #: Calls that link the structure in which their first argument is into a list, by which others find it.
    links: frozenset[str] = frozenset()
    #: Members in which the references are counted.
    counters: frozenset[str] = frozenset()
    #: Calls that tell the developer how it goes, and do nothing.
    quiet: re.Pattern[str] = re.compile(r"(?!)")

    def of_method(self, callee: str) -> frozenset[str] | None:
        """The marks of the method that a call through a table names; None where it names none that is known."""
        method = _METHOD.search(callee)
        return self.methods.get(method[1]) if method else None

    def counts_down(self, call: Call) -> str:
        """Whose count a call may count down by itself, `atomic_add_unless(&inode->i_count, -1, 1)`; "" for none."""
        down = self.counters and call.arguments and _DOWN.search(call.callee)
        found = _COUNTER.match(call.arguments[0]) if down else None
        return found[1] if found and found[2] in self.counters else ""

    def is_neutral(self, name: str) -> bool:
        """Whether a callee is known to leave the page alone."""
        return name in self.neutral or _stands_in(self.neutral_pattern, name)


@lru_cache(maxsize=1 << 14)
def _stands_in(pattern: re.Pattern[str], name: str) -> bool:
    """Whether a pattern of hundreds of words stands in a name; the same few thousand names are called all over a tree."""
    return pattern.search(name) is not None


@with_own_words
def call_vocabulary() -> CallVocabulary:
    """The vocabulary of page calls (page_calls.toml in the package), and the own words of file systems."""
    data = with_own_calls(data_tables("facts/calls/page_calls.toml"))
    marks: dict[str, set[str]] = {}
    for mark, names in data["marks"].items():
        for name in names:
            marks.setdefault(name, set()).add(mark)
    return CallVocabulary(
        {name: frozenset(found) for name, found in marks.items()},
        frozenset(data["hands_on"]["names"]),
        frozenset(data["hands_on"]["borrows"]),
        frozenset(data["stores"]["names"]),
        frozenset(data["neutral"]["names"]),
        re.compile("|".join((*data["neutral"]["patterns"], *data["neutral"]["quiet"]))),
        frozenset(data["alias"]["names"]),
        frozenset(data["alias"]["part"]),
        frozenset(data["tag"]["names"]),
        data["tag"]["argument"],
        frozenset(data["reference"]["put"]),
        frozenset(data["reference"]["get"]),
        frozenset(data["results"]["took_nonzero"]),
        frozenset(data["results"]["took_zero"]),
        frozenset(data["results"]["negative"]),
        {name: frozenset({mark} - {"keep"}) for mark, names in data["methods"].items() for name in names},
        quiet=re.compile("|".join(data["neutral"]["quiet"])),
    )
