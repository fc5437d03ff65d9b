"""C files -> NestedEntry, a function that an initialiser names for a method of a part of its structure (`.ctx.actor = f`,
`.ctx = { .actor = f }`), and the structure of that part where the code declares it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from cocci_gen.code.texts.remarks import blanked

_STRUCT = re.compile(rb"\b(?:struct|union)\b[ \t]*\w*[ \t\n]*\{")
_PART = re.compile(rb"\bstruct[ \t]+(\w+)[ \t]+(\w+)[ \t]*(?:\[[^\]]*\])?[ \t]*;")
_OPENED = re.compile(rb"\.[ \t]*(\w+)[ \t]*=[ \t]*(?:\([ \t]*(?:const[ \t]+)?struct[ \t]+(\w+)[ \t]*\)[ \t\n]*)?\{")
_PATH = re.compile(rb"\.[ \t]*(\w+)[ \t]*\.[ \t]*(\w+)[ \t]*=[ \t]*&?(\w+)[ \t]*[,}\n]")
_ENTRY = re.compile(rb"(?<![\w\])])\.[ \t]*(\w+)[ \t]*=[ \t]*&?(\w+)[ \t]*[,}\n]")


@dataclass(frozen=True, slots=True)
class NestedEntry:
    """`.part = { .method = function }` in a file; `tag` is the structure of the part, "" where the code does not declare it."""

    path: str
    part: str
    tag: str
    method: str
    function: str
    line: int


@dataclass(frozen=True, slots=True)
class _Named:
    """The same as it is written; `tag` only where the initialiser itself says it."""

    tag: str
    part: str
    method: str
    function: str
    line: int


def nested_entries(texts: Mapping[str, bytes], methods: Collection[str]) -> Iterator[NestedEntry]:
    """The texts of the code by path, and the methods of interest -> the entries for them in parts of structures.  A part whose
    name the code gives to parts of several structures is of none."""
    named = {path: [one for one in _named(text) if one.method in methods] for path, text in texts.items()}
    if not any(named.values()):
        return
    parts = {one.part.encode() for ones in named.values() for one in ones}
    tags: dict[str, set[str]] = defaultdict(set)
    for text in texts.values():
        for part, tag in _parts(text) if any(part in text for part in parts) else ():
            tags[part].add(tag)
    for path, ones in named.items():
        for one in ones:
            known = {one.tag} if one.tag else {tag for part, tag in _parts(texts[path]) if part == one.part}
            known = known or tags[one.part]
            if len(known) < 2:
                yield NestedEntry(path, one.part, "".join(known), one.method, one.function, one.line)


@lru_cache(maxsize=4096)
def _parts(text: bytes) -> frozenset[tuple[str, str]]:
    """The (member, structure) pairs of the structures in a text that hold another one."""
    code = blanked(text)
    found = set()
    for opened in _STRUCT.finditer(code):
        body = code[opened.end() : _end(code, opened.end())]
        found |= {(name.decode(), tag.decode()) for tag, name in _PART.findall(body)}
    return frozenset(found)


@lru_cache(maxsize=4096)
def _named(text: bytes) -> tuple[_Named, ...]:
    """The entries in parts of initialisers."""
    if not _PATH.search(text) and not _OPENED.search(text):
        return ()
    code = blanked(text)
    found = [_entry(code, one, "", one.group(1).decode(), 2) for one in _PATH.finditer(code)]
    for opened in _OPENED.finditer(code):
        part, tag = opened.group(1).decode(), (opened.group(2) or b"").decode()
        end = _end(code, opened.end()) + 1
        body = code[: opened.end()] + _without_inner(code[opened.end() : end])
        found += [_entry(code, one, tag, part, 1) for one in _ENTRY.finditer(body, opened.end())]
    return tuple(found)


def _entry(code: bytes, found: re.Match[bytes], tag: str, part: str, first: int) -> _Named:
    method, function = (found.group(number).decode() for number in (first, first + 1))
    return _Named(tag, part, method, function, code.count(b"\n", 0, found.start()) + 1)


def _end(code: bytes, start: int) -> int:
    """Where the brace is closed that was opened ahead of a place; the end of the text where it is not."""
    depth = 1
    for brace in re.compile(rb"[{}]").finditer(code, start):
        depth += 1 if brace.group() == b"{" else -1
        if not depth:
            return brace.start()
    return len(code)


def _without_inner(body: bytes) -> bytes:
    """What stands between braces, with what stands between braces in it blanked, and every place kept."""
    depth, kept = 0, bytearray(body)
    for number, sign in enumerate(body):
        depth += (sign == ord("{")) - (sign == ord("}"))
        if depth > 0 and sign != ord("\n"):
            kept[number] = ord(" ")
    return bytes(kept)
