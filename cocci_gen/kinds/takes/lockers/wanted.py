"""A lock that a function keeps -> the functions with which others of the folder take it, as far as that is certain.

Who comes next to a lock that is kept waits for ever only where he waits: one who tries it fails, one who may be killed is, and
one who reads goes on beside another who does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from cocci_gen.code.graphs.control_flow import Call
from cocci_gen.code.texts.remarks import blanked
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.shared import shared
from cocci_gen.findings.findings import NEVER_WRITTEN, TAKEN_WITH, WRITTEN_WITH
from cocci_gen.kinds.takes.words.sorts import State, member_of, states

#: Where a lock is declared, be it a variable or a member.
_DECLARED = (
    rb"\b(?:struct\s+(?:mutex|rw_semaphore|semaphore)|(?:raw_)?spinlock_t|rwlock_t|DEFINE_\w+\s*\()\s*%s\b\s*[;,)]"
)
#: A member, with the word ahead of it.
_WITH_OWNER = re.compile(r"\w+(?:->|\.)\w+$")
#: How a lock is taken by one who tells its validator more than others.
_NESTED = re.compile(r"_nested$|_nest_lock$|_non_owner$")


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is remembered of a tree: the code of each folder that was asked for."""

    index: KernelIndex
    _known: dict[str, tuple[bytes, ...]] = field(default_factory=dict, compare=False, repr=False)

    def takers(self, definition: Definition, name: str, kept: str) -> frozenset[str]:
        """The functions that take a lock called so somewhere in the folder, by what its sort is called; none where it is not
        declared there just once, for another lock may have its name.  Many a structure of another folder has a `mutex`, too: of
        a name of one word what it is a part of has to be called the same."""
        word = member_of(name) or name
        if not word.isidentifier():
            return frozenset()
        whole = (_WITH_OWNER.search(name) or [word])[0] if "_" not in word else word
        code = self._code(definition.folder)
        declared = re.compile(_DECLARED % word.encode())
        if sum(len(declared.findall(text)) for text in code) != 1:
            return frozenset()
        sorts = [one for one in states() if one.thing.word == kept]
        # Who takes it by giving back another hold of it waits for nobody.
        same = frozenset[str]().union(*(one.takers for one in sorts)).difference(*(one.release for one in sorts))
        given = re.compile(rf"\b({'|'.join(sorted(same))}) ?\([^;,()]*?\b{re.escape(whole)} ?[,)]".encode())
        return frozenset(found.decode() for text in code for found in given.findall(text))

    def _code(self, folder: str) -> tuple[bytes, ...]:
        if folder not in self._known:
            texts = map(self.index.text, self.index.files_in(folder))
            self._known[folder] = tuple(map(blanked, texts))
        return self._known[folder]


def wanted_by_others(definition: Definition, name: str, kept: State, index: KernelIndex, taker: Call) -> Iterator[str]:
    """What is to be noted of those who take a lock that a call has taken: all, or who writes where the call only reads."""
    takers = shared(index, _Wanted).takers(definition, name, kept.thing.word)
    readers = frozenset[str]().union(*(one.shared for one in states()))
    if not takers:
        return
    if not kept.lets_readers_in(taker.callee):
        yield f"{TAKEN_WITH} {_named(takers)}"
    elif writers := takers - readers:
        yield f"{WRITTEN_WITH} {_named(writers)}"
    else:
        yield NEVER_WRITTEN


def _named(takers: frozenset[str]) -> str:
    return ", ".join(sorted({f"{_NESTED.sub('', one)}()" for one in takers}))
