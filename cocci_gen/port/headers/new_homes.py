"""Names that another header declares by now, and code that uses them -> the headers that its files need, and rules that add them.

A file that has the header by way of another one needs nothing.  What each header of the new kernel includes is read from there as
far as the code's own lines lead.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from os.path import normpath

from cocci_gen.port.changes.evolutions import DeclarationsMoved, Evolution, IncludeGone
from cocci_gen.port.lessons.rules import Declarations, PortRule
from cocci_gen.port.remains.leftovers import Leftover
from cocci_gen.port.texts.include_graph import INCLUDE, Includes
from cocci_gen.port.texts.plain_text import blank_comments, plain

_LINE = re.compile(rb"^[ \t]*#[ \t]*(include|ifdef|ifndef|if|endif)\b[^\n]*$", re.MULTILINE)
#: The first condition of a header that defines what it asks for, and holds all of it.
_GUARD = re.compile(
    rb"\A[^#]*#[ \t]*ifndef[ \t]+(\w+)[ \t]*\n[ \t]*#[ \t]*define[ \t]+\1\b(?=.*#[ \t]*endif[^#]*\Z)", re.DOTALL
)
#: Its definition, as far as nothing but the name stands there; the condition itself may be decided already, and gone.
_ALONE = re.compile(rb"\A[^#]*(?:#[ \t]*ifndef[ \t]+\w+[ \t]*\n[ \t]*)?#[ \t]*define[ \t]+(\w+)[ \t]*$", re.MULTILINE)
_NAMED = re.compile(rb"<([\w./-]+)>")
_TOLD = 4
#: Headers that code may name, those of one architecture aside.
_HOMES = ("include/linux/", "include/net/", "include/crypto/")
#: A call, or the head of a function; `u64 (*hook)(void)` calls no u64.
_CALLED = re.compile(rb"(?<![.>\w])([A-Za-z_]\w*)[ \t]*\((?![ \t]*\*[ \t]*\w*[ \t]*(?:\[\w*\][ \t]*)?\)[ \t]*\()")
#: An array, with its bracket.
_INDEXED = re.compile(rb"(?<![.>\w])([A-Za-z_]\w*\[)")


Moved = DeclarationsMoved | IncludeGone


@dataclass(frozen=True, slots=True)
class Needed:
    """A header that some files need: the evolution, by file the names that they use, with the lines of the first uses, and the
    directive that it comes behind ("" where a file has none ahead of the first use)."""

    evolution: Moved
    names: Mapping[str, tuple[str, ...]]
    places: tuple[str, ...]
    anchors: Mapping[str, str]


def needed_headers(
    evolutions: Iterable[Evolution],
    headers: tuple[Includes, Includes],
    texts: Mapping[str, bytes],
    own: Collection[str],
) -> tuple[Needed, ...]:
    """What changed, the headers of both kernels, some code and the names that it defines itself -> the headers that its files use
    and do not have in the new one."""
    moved = {name.encode(): one for one in evolutions if isinstance(one, DeclarationsMoved) for name in one.names}
    mine = frozenset(name.encode() for name in own)
    for name in mine:
        moved.pop(name, None)
    graphs = _Graphs(*headers, mine)
    read = {path: plain(text) for path, text in texts.items()}
    called = {path: frozenset((*_CALLED.findall(one.code), *_INDEXED.findall(one.code))) for path, one in read.items()}
    own_includes = OwnIncludes(texts)
    found: dict[Moved, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    ends: dict[tuple[Moved, str], int] = {}
    for path in sorted(path for path in texts if path.endswith(".c")):
        files, system = own_includes.behind(path)
        have = graphs.new.closure(system)
        away = _away(moved, {one: read[one].words for one in files}, have)
        lost = graphs.lost({one: called[one] for one in files}, system, have)
        missed: Iterator[tuple[Moved, str, bytes]] = chain(away, lost)
        for gone, place, name in missed:
            where, end = place, _first(texts[place], name)
            if path != place and not _anchor(texts[place], end, header=True):
                where, end = path, own_includes.place_of(path, place)
            found[gone][where].add(name.decode())
            ends[gone, where] = min(end, ends.get((gone, where), end))
    return tuple(
        _needed(one, names, texts, {path: ends[one, path] for path in names})
        for one, names in sorted(found.items(), key=lambda pair: pair[0].id)
    )


def _away(
    moved: Mapping[bytes, DeclarationsMoved], words: Mapping[str, frozenset[bytes]], have: Collection[str]
) -> Iterator[tuple[DeclarationsMoved, str, bytes]]:
    """The names that some files use and a header that they do not have declares by now, each with the file that uses it."""
    for path, some in words.items():
        for name in some & moved.keys() if have else ():
            if moved[name].old in have and moved[name].new not in have:
                yield moved[name], path, name


def _needed(
    one: Moved, names: Mapping[str, Collection[str]], texts: Mapping[str, bytes], ends: Mapping[str, int]
) -> Needed:
    listed = {path: tuple(sorted(some)) for path, some in sorted(names.items())}
    places = tuple(f"{path}:{_line(texts[path], some[0])}" for path, some in listed.items())
    return Needed(
        one, listed, places, {path: _anchor(texts[path], ends[path], header=path.endswith(".h")) for path in listed}
    )


def _first(text: bytes, name: bytes) -> int:
    """Where a text first uses a name, its end where it does not."""
    place = re.search(rb"\b" + re.escape(name) + rb"\b", blank_comments(text))
    return place.start() if place else len(text)


@dataclass(frozen=True, slots=True)
class _Graphs:
    """What headers bring in both kernels, and the names that the code defines itself."""

    old: Includes
    new: Includes
    own: frozenset[bytes]

    def lost(
        self, called: Mapping[str, frozenset[bytes]], system: Collection[str], have: frozenset[str]
    ) -> Iterator[tuple[IncludeGone, str, bytes]]:
        """The headers that came by way of others and do not any more (they now `have` some), with each name of theirs that some
        files call and no other header declares, and the file that calls it."""
        gone = [path for path in self.old.closure(system) - have if path.startswith(_HOMES)]
        there = frozenset(path for path in gone if self.new.has(path))
        wanted = frozenset[bytes]().union(*called.values()) & self.new.declared(there) - self.own
        for name in sorted(wanted - self.new.declared(have)) if wanted else ():
            homes = [path for path in sorted(there) if name in self.new.declared(frozenset({path}))]
            if len(homes) == 1:
                one = IncludeGone(self._by(homes[0], have), homes[0])
                yield from ((one, path, name.rstrip(b"[")) for path in called if name in called[path])

    def _by(self, header: str, have: Collection[str]) -> str:
        """The header by way of which one came: one that is still there, and does not include it any more."""
        users = [path for path in sorted(have) if header in self.old.includes(path)]
        return next((path for path in users if path.startswith("include/linux/")), users[0] if users else "")


def _line(text: bytes, name: str) -> int:
    place = re.search(rb"\b" + re.escape(name.encode()) + rb"\b", blank_comments(text))
    return text.count(b"\n", 0, place.start()) + 1 if place else 1


class OwnIncludes:
    """What the files of some code include: files of its own, in quotes the one beside them if there is one, and headers of the
    kernel."""

    def __init__(self, texts: Mapping[str, bytes]) -> None:
        by_name = defaultdict(list)
        for path in texts:
            by_name[path.rpartition("/")[2]].append(path)
        self._own: dict[str, set[str]] = defaultdict(set)
        self._system: dict[str, set[str]] = defaultdict(set)
        self._places: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for path, text in texts.items():
            for found in INCLUDE.finditer(text):
                word = found[2].decode("utf-8", "replace")
                here = by_name.get(word.rpartition("/")[2], ())
                own = [one for one in here if one.endswith(f"/{word.lstrip('./')}") or one == word]
                beside = normpath(f"{path.rpartition('/')[0] or '.'}/{word}")
                own = [beside] if found[1] == b'"' and beside in own else own
                self._own[path].update(own)
                self._places[path] += ((found.start(), one) for one in own)
                self._system[path].update(() if own else (word,))

    def place_of(self, path: str, header: str) -> int:
        """Where in a file stands the first include by way of which it has a header of the code's own; 0 where none does."""
        return next((place for place, one in self._places[path] if header in self.behind(one)[0]), 0)

    def behind(self, path: str) -> tuple[frozenset[str], frozenset[str]]:
        """A file with the headers of the code's own that it includes, and those of the kernel that it includes by way of them."""
        seen: set[str] = set()
        todo = [path]
        while todo:
            here = todo.pop()
            if here not in seen:
                seen.add(here)
                todo += self._own[here]
        return frozenset(seen), frozenset[str]().union(*(self._system[one] for one in seen))


def needed_rules(needed: Iterable[Needed]) -> list[PortRule]:
    """The headers that files need -> the rules that add each behind the last header of the kernel that a file has already, or
    at the beginning of one that has none but under conditions."""
    rules = []
    for one in needed:
        by_anchor: dict[str, list[str]] = defaultdict(list)
        for path, anchor in one.anchors.items():
            if anchor:
                by_anchor[anchor].append(path)
        header = one.evolution.header
        for number, (anchor, paths) in enumerate(sorted(by_anchor.items())):
            names = sorted({name for path in paths for name in one.names[path]})
            told = ", ".join(names[:_TOLD]) + (" and others" if len(names) > _TOLD else "")
            text = (
                f"@there@\n@@\n #include <{header}>\n\n"
                f"@needed depends on !there@\n@@\n {anchor}\n+ #include <{header}>\n"
            )
            title = f"#include <{header}>, which declares {told} by now"
            if isinstance(one.evolution, IncludeGone):
                title = f"#include <{header}>, which declares {told} and comes with no other header any more"
            name = f"{one.evolution.id}.{number}"
            rules.append(PortRule(name, one.evolution.id, title, text, Declarations(), (), frozenset(paths)))
    return rules


def without_place(needed: Iterable[Needed], texts: Mapping[str, bytes]) -> Iterator[Leftover]:
    """The headers for which a file has no line that they could stand behind."""
    for one in needed:
        for path, names in one.names.items():
            if not one.anchors[path]:
                reason = f"it needs #include <{one.evolution.header}>, which declares {names[0]} by now"
                yield Leftover(path, _line(texts[path], names[0]), one.evolution.id, reason, ())


def _anchor(text: bytes, end: int, *, header: bool) -> str:
    """The directive with which a file includes the last header of the kernel ahead of a place, outside of all conditions but the
    one that keeps it from being read twice, of those of linux/ if there are any; else the one of that condition."""
    depth = 0
    found: list[tuple[str, int]] = []
    code = blank_comments(text)  # `#endif /* #ifndef X */` asks nothing; but <linux/a.h> reads alike in both
    guarded = _GUARD.search(code) is not None
    for line in _LINE.finditer(code):
        word = line.group(1)
        depth += {b"include": 0, b"endif": -1}.get(word, 1)
        name = _NAMED.search(line.group()) if word == b"include" and depth == int(guarded) else None
        if name is not None:
            found.append((name.group(1).decode(), line.start()))
    ahead = [name for name, place in found if place < end]
    linux = [name for name in ahead if name.startswith("linux/")]
    chosen = linux or ahead
    if chosen and [name for name, _ in found].count(chosen[-1]) == 1:
        return f"#include <{chosen[-1]}>"
    alone = _ALONE.search(code) if header and not chosen else None
    if alone is not None and not guarded and len(re.findall(rb"\b" + alone[1] + rb"\b", code)) > 1:
        return ""  # it means something
    return f"#define {alone[1].decode()}" if alone is not None and alone.end() <= end else ""
