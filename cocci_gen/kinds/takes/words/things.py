"""things.toml -> Thing, what a function may take for itself, with the vocabulary of what gives it back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from cocci_gen.code.graphs.control_flow import Call
from cocci_gen.facts.calls.page_calls import CallVocabulary, call_vocabulary
from cocci_gen.facts.pages.pages import Effects
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.shared import shared
from cocci_gen.own_words import with_own_words
from cocci_gen.resources import data_tables

#: Macros that only look at what they are given.
_LOOKS = frozenset({"container_of", "container_of_const", "READ_ONCE", "ACCESS_ONCE", "rcu_dereference", "sizeof"})


@dataclass(frozen=True, slots=True)
class Thing:
    """One sort of thing; the fields are those of things.toml, `vocabulary` what calls do to it.  `owned` tells of one that a
    file system has for itself, of which no document speaks; `fresh` are the functions that make such a one, with one reference,
    and `owns` those that take it over, and leave it when they fail; `lent` tells that nearly all who get one are seen to give it
    back themselves; `unsaid` that no mail has words yet for what comes of it that it is kept, and `number` that it is no pointer;
    `tested` are the forms of a test whether there is one; `inside` are members that point into it, and `filling` functions that
    put it where one of their arguments leads to, with the number of that; `by_value` that it is a structure of the function
    itself, whose address such a call is given first, and what ends it as well; `by_address` that it is an address, and any other
    behind it ends it as well; `allocating` are functions that return memory of their own, which nobody counts."""

    name: str
    word: str
    kept: str
    types: frozenset[str]
    returning: frozenset[str]
    flagged: frozenset[str]
    flags: frozenset[str]
    taking: frozenset[str]
    same: frozenset[str]
    undo: Mapping[str, str]
    unfinished: frozenset[str]
    vocabulary: CallVocabulary
    consumes: frozenset[str] = frozenset()
    null: frozenset[str] = frozenset()
    more: frozenset[str] = frozenset()
    begun: frozenset[str] = frozenset()
    pinned: bool = False
    owned: bool = False
    fresh: frozenset[str] = frozenset()
    lent: bool = False
    unsaid: bool = False
    number: bool = False
    tested: tuple[str, ...] = ()
    inside: frozenset[str] = frozenset()
    filling: Mapping[str, int] = field(default_factory=dict)
    by_value: bool = False
    by_address: bool = False
    allocating: frozenset[str] = frozenset()
    owns: frozenset[str] = frozenset()

    def returned(self, call: Call) -> bool:
        """Whether the value of a call is the thing, taken."""
        if call.callee in self.returning:
            return True
        return call.callee in self.flagged and any(flag in text for flag in self.flags for text in call.arguments)

    @property
    def is_lock(self) -> bool:
        """Whether others wait for it, or spin, until it is given back: a reference nobody waits for."""
        return self.kept in ("locked", "held")

    @property
    def releases(self) -> frozenset[str]:
        """The functions that give it back and do nothing else."""
        return frozenset(name for name, marks in self.vocabulary.marks.items() if "release" in marks) - self.consumes


def own_thing(name: str, structure: str, undo: str = "", **entry: Any) -> Thing:
    """A thing that functions of one file system alone know of, with the lists of things.toml that are not empty; `undo` is what
    gives it back, given nothing else, "" where there is no such call."""
    lists = ("returning", "flagged", "flags", "taking", "release", "neutral", "keeps", "unfinished", "same")
    words = {"words": [structure, "referenced"], "types": [structure], "undo": [undo], "looking": "", "owned": True}
    thing = thing_of(name, {**dict.fromkeys(lists, ()), **words, **entry})
    return thing if undo else replace(thing, undo={})


@with_own_words
def things() -> Mapping[str, Thing]:
    """Name -> thing, as they ship with the package, and with the own words of file systems about pages."""
    tables = data_tables("kinds/takes/words/things.toml")
    return {name: thing_of(name, entry) for name, entry in tables["thing"].items()}


def thing_of(name: str, entry: Mapping[str, Any]) -> Thing:
    """The thing that an entry of things.toml, or one of the same form, describes."""
    word, kept = entry["words"]
    return Thing(
        name,
        word,
        kept,
        frozenset(entry["types"]),
        frozenset(entry["returning"]),
        frozenset(entry["flagged"]),
        frozenset(entry["flags"]),
        frozenset(entry["taking"]),
        frozenset(entry["same"]),
        dict(zip(entry["types"], entry["undo"], strict=True)),
        frozenset(entry["unfinished"]),
        _vocabulary(entry),
        frozenset(entry.get("consumes", ())),
        frozenset(entry.get("null", ())),
        frozenset(entry.get("more", ())),
        frozenset(entry.get("begun", ())),
        entry.get("pinned", False),
        entry.get("owned", False),
        frozenset(entry.get("fresh", ())),
        entry.get("lent", False),
        unsaid=entry.get("unsaid", False),
        number=entry.get("number", False),
        tested=tuple(entry.get("tested", ())),
        inside=frozenset(entry.get("inside", ())),
        filling=dict(entry.get("filling", {})),
        owns=frozenset(entry.get("owns", ())),
        by_address=entry.get("by_address", False),
    )


def _vocabulary(entry: Mapping[str, Any]) -> CallVocabulary:
    """The vocabulary of pages with the marks of this thing."""
    pages = call_vocabulary()
    if not entry["release"]:
        return pages
    marks = {name: frozenset({"release"}) for name in (*entry["release"], *entry.get("consumes", ()))}
    marks |= {name: frozenset({"hand_on"}) for name in entry.get("hands_on", ())}
    tables = data_tables("kinds/takes/words/things.toml")
    borrowing = {name: frozenset[str]() for name in (*tables["methods"]["borrow"], *entry.get("borrow", ()))}
    neutral = (pages.neutral | _LOOKS | frozenset(entry["neutral"])) - frozenset(entry["keeps"])
    none = frozenset[str]()
    looking = re.compile(f"{pages.neutral_pattern.pattern}|{entry['looking'] or '(?!)'}")
    return replace(
        pages,
        marks=marks,
        neutral=neutral,
        neutral_pattern=looking,
        tag=none,
        took_nonzero=none,
        took_zero=none,
        methods=borrowing,
        counts=frozenset(entry["taking"]),
        counters=frozenset(entry.get("counters", ())),
        links=frozenset(tables["links"]["names"]),
    )


def _no_effects(_index: KernelIndex) -> dict[str, Effects]:
    return {}


def effects_on(thing: Thing, index: KernelIndex, pages: Effects) -> Effects:
    """What the functions of a tree do to a thing; that of pages is known already."""
    if thing.vocabulary is pages.vocabulary:
        return pages
    known = shared(index, _no_effects)
    if thing.name not in known:
        known[thing.name] = Effects(index, thing.vocabulary)
    return known[thing.name]
