"""The functions of a file system, and what it counts -> those that hand back a pointer on which they have counted, or that such
a one has handed them.

    list_for_each_entry(bed, &beds, list)
            if (bed->number == number && refcount_inc_not_zero(&bed->refs))
                    return bed;
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.shared import shared
from cocci_gen.kinds.takes.words.bodies import bodies_in
from cocci_gen.resources import data_tables

#: A function that returns a pointer to a structure, up to its name.
_RETURNS = re.compile(r"\A(?:[\w\s]*\s)?struct\s+(\w+)\s*\*\s*(?:\w+\s+)*(\w+)\s*\(")
_RETURN = re.compile(r"\breturn\b([^;]*+);")
#: What is returned in the place of one that there is not.
_NONE = re.compile(r"NULL|ERR_(?:PTR|CAST)\s*\(.*\)", re.DOTALL)
_CALL = re.compile(r"([a-z_]\w*)\s*\(.*\)", re.DOTALL)
#: What makes others find it: what is counted is theirs.
_FOUND_BY = re.compile(r"\b\w*(?:insert|link|idr_alloc|xa_store|xa_alloc|list_add|hash_add|rb_add)\w* ?\(")


#: What is done to what a variable leads to, where it leads to anything: `if (bed) bed_hold(bed);`.
WHERE_THERE = re.compile(r"\bif \((\w+)\)\s+(?=\w+\s*\(\s*&?\s*\1\b)")
#: What puts a variable into a structure.
_STORED = re.compile(r"(?:->|\.)[\w.\[\]>-]{1,200} = (\w+);")


@dataclass(frozen=True, slots=True)
class _Function:
    """One that returns a pointer to a structure: its name, its body, and all that it returns."""

    name: str
    body: str
    returned: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """The functions of a file system that are seen to count a structure: those that give it back, that make one, that count one
    more and return nothing, and that do so and return what they are given."""

    puts: frozenset[str]
    makers: frozenset[str] = frozenset()
    takes: frozenset[str] = frozenset()
    same: frozenset[str] = frozenset()

    @property
    def takers(self) -> frozenset[str]:
        """Those that count one more."""
        return self.takes | self.same


@dataclass(slots=True)
class _Last:
    """The functions of the file system that was read last, by the structure that they return a pointer to."""

    index: KernelIndex
    _known: dict[str, Mapping[str, tuple[_Function, ...]]] = field(default_factory=dict)

    def of(self, root: str) -> Mapping[str, tuple[_Function, ...]]:
        """Structure -> the functions of a root that return a pointer to it."""
        if root not in self._known:
            found: dict[str, list[_Function]] = {}
            for _, text in bodies_in(root, self.index).functions.values():
                if head := _RETURNS.match(text):
                    body = WHERE_THERE.sub("", text[text.find("{") :])
                    found.setdefault(head[1], []).append(
                        _Function(head[2], body, tuple(map(str.strip, _RETURN.findall(body))))
                    )
            self._known = {root: {structure: tuple(every) for structure, every in found.items()}}
        return self._known[root]


def getters_of(root: str, structure: str, member: str, known: Known, index: KernelIndex) -> frozenset[str]:
    """The functions of a file system that count one more, in a member, of the structure to which they return a pointer, or return
    what such a one, or a maker, has returned; none that gives any back, or stores it: that may be what is counted for."""
    ends = re.compile(rf"\b(?:{_any_of(known.puts)})\s*\(")
    every = shared(index, _Last).of(root).get(structure, ())
    functions = [one for one in every if not any(each.search(one.body) for each in (_FOUND_BY, ends))]
    counting, making = _counting(member, ("more", "tries")), _counting(member, ("first",))
    called = re.compile(rf"(?<![\s)])\s+(?:{_any_of(known.takers)})\s*\(\s*(\w+)\s*\)")
    plain = (one for one in functions if not making.search(one.body))
    counted = ((one, {*counting.findall(one.body), *called.findall(one.body)}) for one in plain)
    getters = {one.name for one, names in counted if names and _returns_only(one, _with_copies(one, names), ())}
    sources = {*known.makers, *known.same, *getters}
    while more := {one.name for one in functions if one.name not in sources and _hands_on(one, sources)}:
        sources |= more
    return frozenset(sources.difference(known.makers, known.same))


def _any_of(names: Iterable[str]) -> str:
    return "|".join(sorted(names)) or "(?!)"


@cache
def _counting(member: str, sorts: tuple[str, ...]) -> re.Pattern[str]:
    """What counts what a variable leads to, by calls of some sorts: one more, or the first one, of who makes it."""
    words = data_tables("kinds/takes/words/things.toml")["counting"]
    names = "|".join(word for sort in sorts for word in words[sort])
    return re.compile(rf"(?<![\s)])\s+\(*!?(?:{names})\s*\(\s*&\s*(\w+)\s*->\s*{re.escape(member)}\s*[,)]")


def _hands_on(one: _Function, getters: Iterable[str]) -> bool:
    """Whether all that a function returns comes of getters."""
    calls = rf"(?:{_any_of(getters)})\s*\("
    return _returns_only(one, set(_set_to(one.body, calls)), getters)


def _with_copies(one: _Function, counted: set[str]) -> set[str]:
    """The variables on which a function counts, and those to which it only hands them on: `found = bed;`."""
    return counted | set(_set_to(one.body, rf"(?:{'|'.join(sorted(counted))})\s*;"))


def _set_to(body: str, what: str) -> Iterator[str]:
    """The variables of a function that are set to something, which begins as a regular expression says, and to nothing else."""
    for name in set(re.findall(rf"(?<![\w.>])(\w+)\s*=\s*{what}", body)):
        if not re.search(rf"(?<![\w.>]){name}\s*=(?!=)\s*+(?!{what}|NULL\b|ERR_)", body):
            yield name


def _returns_only(one: _Function, names: set[str], getters: Iterable[str]) -> bool:
    """Whether a function returns nothing but some variables, which it stores nowhere, or what getters do, and what there is
    not."""
    if not names.isdisjoint(_STORED.findall(one.body)):
        return False
    got = [text for text in one.returned if not _NONE.fullmatch(text)]
    called = ((text, _CALL.fullmatch(text)) for text in got)
    return bool(got) and all(text in names or (call is not None and call[1] in set(getters)) for text, call in called)
