"""A file before and after a port, and as upstream has it -> Counts and Otherwise: the written lines, beside upstream's."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

from cocci_gen.code.texts.source import file_facts
from cocci_gen.port.lessons.generalise import declared_in, names_with_types
from cocci_gen.port.texts.instances import Head, Written, head_of
from cocci_gen.port.texts.lines import opcodes
from cocci_gen.port.texts.parameters import meant, name_of
from cocci_gen.port.texts.plain_text import words_of
from cocci_gen.port.texts.versions import whole_change

_NAME = re.compile(rb"(?<![\w.>])(?<!struct )(?<!union )(?<!enum )[A-Za-z_]\w*")
_UNSIGNED = re.compile(rb"\bunsigned[ \t]+int\b")
#: A function that is declared is declared elsewhere, with the word or without it.
_EXTERN = re.compile(rb"(?m)^[ \t]*extern[ \t]+(?=[^={;]*\()")
_FLAGS = re.compile(rb"(?<=[(,=])\(([A-Z0-9_|]+)\)(?=[),;])")
#: A line at least so long that is a part of the new file, line breaks aside, is equal however it is broken.
_LONG = 16
#: More lines of upstream than these say nothing beside a line of ours.
_TOLD = 30


@dataclass(frozen=True, slots=True)
class Counts:
    """Heads that follow and those that are right; lines that the port wrote, those that stand in the true new file, those where
    upstream left the old line alone (`wrong`); calls, stores and errors (with tests) that the port removed and upstream kept."""

    heads: int = 0
    heads_right: int = 0
    written: int = 0
    equal: int = 0
    wrong: int = 0
    dropped_calls: int = 0
    dropped_stores: int = 0
    dropped_errors: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))

    def row(self) -> str:
        """On one line."""
        return (
            f"heads {self.heads_right}/{self.heads}, lines {self.equal}/{self.written}, wrong {self.wrong}, "
            f"dropped {self.dropped_calls}/{self.dropped_stores}/{self.dropped_errors}"
        )

    def lines(self) -> Iterable[str]:
        """For a terminal."""
        yield f"heads         {self.heads_right} of {self.heads} as upstream has them"
        yield (
            f"lines         {self.written} written, {self.equal} of them upstream's{_share(self.equal, self.written)}, "
            f"{self.wrong} wrong edits{_share(self.wrong, self.written)}"
        )
        yield (
            f"dropped       {self.dropped_calls} calls, {self.dropped_stores} stores and {self.dropped_errors} errors or tests "
            f"that upstream kept"
        )


def _share(some: int, of: int) -> str:
    return f" ({100 * some / of:.1f} %)" if of else ""


@dataclass(frozen=True, slots=True)
class Otherwise:
    """Lines that the port wrote and upstream did not: what was there before, what upstream has there; `wrong` where it left the
    old lines alone."""

    path: str
    line: int
    before: tuple[bytes, ...]
    written: tuple[bytes, ...]
    upstream: tuple[bytes, ...]
    wrong: bool

    def lines(self) -> Iterable[str]:
        """For a person to judge."""
        yield f"{self.path}:{self.line}: {'WRONG EDIT' if self.wrong else 'otherwise'}"
        for sign, some in (("-", self.before), ("+", self.written), ("=", self.upstream)):
            yield from (f"{sign}{line.decode('utf-8', 'replace')}" for line in some)


#: The tags of a structure that is wanted and of one that is there -> how the tree comes to it (`{}`: what is there); "" for none.
Ways = Callable[[str, str], str]


def no_way(wanted: str, there: str) -> str:
    """Nothing is known of what the tree does."""
    del wanted, there
    return ""


def lines_as_upstream(old: bytes, now: bytes, true: bytes) -> bool:
    """A text before, after a port, and as upstream has it -> whether every line that the port wrote is upstream's."""
    counts, _ = compared_lines("", old, now, true)
    return counts.written == counts.equal


def compared_lines(
    path: str, old: bytes, now: bytes, true: bytes, ways: Ways = no_way
) -> tuple[Counts, list[Otherwise]]:
    """Equal in effect: the same words in whatever lines, with whatever names of parameters and locals, with or without brackets
    around flags, `unsigned int` and `unsigned` one type, `extern` or not; `page_folio(page)` where upstream has a folio in place
    of the page."""
    before, after, upstream = old.split(b"\n"), now.split(b"\n"), true.split(b"\n")
    raw = Counter(_squeezed(line) for line in upstream)
    kinds = _shared_kinds(now, true)
    given = _as_given(now, true, ways)
    ours, norm = _with_numbers(given, kinds, _as_theirs(given, true)).split(b"\n"), _with_numbers(true, kinds, {})
    there = Counter(_squeezed(line) for line in norm.split(b"\n"))
    whole = _squeezed(norm)
    found: list[Otherwise] = []
    written = equal = wrong = 0
    theirs = opcodes(before, upstream)
    for tag, start, end, first, last in opcodes(before, after):
        if tag == "equal":
            continue
        new = [place for place in range(first, last) if after[place].strip()]
        _, _, front, back = whole_change((start, end, first, last), before, after)
        together = _squeezed(b"".join(ours[front:back]))
        same = len(together) >= _LONG and together in whole
        other = tuple(after[place] for place in new if not same and not _stands(_squeezed(ours[place]), there, whole))
        written, equal = written + len(new), equal + len(new) - len(other)
        gone = [line for line in map(_squeezed, before[start:end]) if line]
        if other:
            kept = bool(gone) and all(raw[line] for line in gone) and _left_alone(theirs, before, start, end)
            wrong += len(other) if kept else 0
            told = _there(theirs, upstream, start, end)
            found.append(Otherwise(path, start + 1, tuple(before[start:end]), other, told, kept))
    return Counts(written=written, equal=equal, wrong=wrong), found


#: By function: the types of parameters that both its heads have.
_Kinds = Mapping[str, Sequence[str]]


def _shared_kinds(now: bytes, true: bytes) -> _Kinds:
    """Two versions of a file -> the types of parameters that both versions of each function take."""
    ours, theirs = (
        {one.name: {meant(some) for some in head.parameters} for one, head in _functions(text)} for text in (now, true)
    )
    return {name: sorted(kinds & theirs[name]) for name, kinds in ours.items() if name in theirs}


def _with_numbers(text: bytes, kinds: _Kinds, locals_: Mapping[str, Mapping[bytes, bytes]]) -> bytes:
    """A file, the parameters of its functions named by their types and by their order among those of one type, locals (by
    function) by other names; lines stay.  What the other version does not take keeps its name, and may be a local there."""
    parts: list[bytes] = []
    done = 0
    for one, head in _functions(text):
        if one.span.start < done:
            continue
        seen: Counter[str] = Counter()
        names: dict[bytes, bytes] = {}
        for some in head.parameters:
            kind, shared = meant(some), kinds.get(one.name, ())
            if name_of(some) and kind in shared:
                names[name_of(some).encode()] = b"P%d%c" % (shared.index(kind), ord("a") + seen[kind])
                seen[kind] += 1
        parts.append(text[done : one.span.start])
        parts.append(_renamed(one.text, {**locals_.get(one.name, {}), **names}))
        done = one.span.end
    return b"".join(parts) + text[done:]


def _functions(text: bytes) -> Iterator[tuple[Written, Head]]:
    """The functions of a file whose heads can be read, in order."""
    for span in sorted(file_facts(text, ()).functions, key=lambda one: one.start):
        one = Written("", span, text[span.start : span.end])
        head = head_of(one)
        if head is not None:
            yield one, head


def _as_theirs(now: bytes, true: bytes) -> dict[str, dict[bytes, bytes]]:
    """By function: the locals of ours that upstream does not have, and what it calls a local of the same type that we do not
    have, in the order in which they are declared."""
    upstream = {one.name: one.text for one, _ in _functions(true)}
    found: dict[str, dict[bytes, bytes]] = {}
    for one, _ in _functions(now):
        other = upstream.get(one.name)
        if other is None or other == one.text:
            continue
        words = words_of(one.text), words_of(other)
        ours = [(name, kind) for name, kind in declared_in(one.text) if name.encode() not in words[1]]
        theirs = [(name, kind) for name, kind in declared_in(other) if name.encode() not in words[0]]
        names: dict[bytes, bytes] = {}
        for name, kind in ours:
            same = next((pair for pair in theirs if pair[1] == kind), None)
            if same is not None:
                theirs.remove(same)
                names[name.encode()] = same[0].encode()
        found[one.name] = names
    return found


def _as_given(now: bytes, true: bytes, ways: Ways) -> bytes:
    """Ours, with upstream's name for what is made of a name that upstream does not have any more: it handed on a folio, and we
    make one of the page; lines stay."""
    upstream = {one.name: one.text for one, _ in _functions(true)}
    parts: list[bytes] = []
    done = 0
    for one, _ in _functions(now):
        other = upstream.get(one.name, one.text)
        if one.span.start < done or other == one.text:
            continue
        text, ours, theirs = one.text, names_with_types(one.text), names_with_types(other)
        fresh = [(name, tag) for name, tag in theirs.items() if tag and name not in ours]
        for name, tag in ((name, tag) for name, tag in ours.items() if tag and name not in theirs):
            for wanted, kind in fresh:
                way = ways(kind, tag).replace("{}", name).encode()
                text = text.replace(way, wanted.encode()) if way else text
        parts += [now[done : one.span.start], text]
        done = one.span.end
    return b"".join(parts) + now[done:]


def _renamed(text: bytes, names: Mapping[bytes, bytes]) -> bytes:
    return _NAME.sub(lambda found: names.get(found[0], found[0]), text)


def _left_alone(
    theirs: Iterable[tuple[str, int, int, int, int]], before: Sequence[bytes], start: int, end: int
) -> bool:
    """Whether upstream has some old lines where they were, and not only lines like them elsewhere in the file."""
    there = {place for tag, first, last, _, _ in theirs if tag == "equal" for place in range(first, last)}
    return all(place in there for place in range(start, end) if before[place].strip())


def _stands(line: bytes, there: Mapping[bytes, int], whole: bytes) -> bool:
    """Whether a line stands in the true file, line breaks aside."""
    return bool(there[line]) or (len(line) >= _LONG and line in whole)


def _there(
    theirs: Iterable[tuple[str, int, int, int, int]], upstream: Sequence[bytes], start: int, end: int
) -> tuple[bytes, ...]:
    """What upstream has in place of some lines."""
    found: list[bytes] = []
    for tag, first, last, place, to in theirs:
        if first < max(end, start + 1) and last > start:
            shift = place - first if tag == "equal" else 0
            found += (
                upstream[max(first, start) + shift : min(last, end) + shift] if tag == "equal" else upstream[place:to]
            )
    return tuple(found[:_TOLD])


def _squeezed(line: bytes) -> bytes:
    return _FLAGS.sub(rb"\1", re.sub(rb"\s", b"", _UNSIGNED.sub(b"unsigned", _EXTERN.sub(b"", line))))
