"""page_words.toml -> PageWords, what the kinds ask of the calls on a page or folio besides its lock and its writeback."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from cocci_gen.resources import data_tables


@dataclass(frozen=True, slots=True)
class PageWords:
    """Names of functions, and of methods; the comments of page_words.toml tell what they do."""

    cleans: frozenset[str]
    voids: frozenset[str]
    attaches: frozenset[str]
    asks_attached: frozenset[str]
    attached: frozenset[str]
    asks_private_2: frozenset[str]
    waits: frozenset[str]
    cleared: frozenset[str]
    recorded: frozenset[str]
    owed: frozenset[str]
    #: Name -> the type of what it gives.
    readahead: Mapping[str, str]
    reads: frozenset[str]
    keeps_locked: frozenset[str]
    #: "folio" and "page" -> what unlocks it.
    unlock: Mapping[str, str]
    #: Name -> what gives back what it takes.
    holds: Mapping[str, str]
    maps: Mapping[str, str]
    harmless: re.Pattern[str]
    failing: re.Pattern[str]
    redirties: frozenset[str]


@cache
def page_words() -> PageWords:
    """The words that ship with the package."""
    data = data_tables("kinds/page_words.toml")
    state, writeback, methods, label = data["state"], data["writeback"], data["methods"], data["label"]
    return PageWords(
        frozenset(state["cleans"]),
        frozenset(state["voids"]),
        frozenset(state["attaches"]),
        frozenset(state["asks_attached"]),
        frozenset(state["attached"]),
        frozenset(state["asks_private_2"]),
        frozenset(writeback["waits"]),
        frozenset(writeback["cleared"]),
        frozenset(writeback["recorded"]),
        frozenset(writeback["owed"]),
        data["readahead"],
        frozenset(methods["reads"]),
        frozenset(methods["keeps_locked"]),
        data["unlock"],
        data["holds"],
        data["maps"],
        re.compile("|".join(label["harmless"])),
        re.compile("|".join(label["failing"])),
        frozenset(label["redirties"]),
    )
