"""The text of a function -> what it calls, and what it puts into pointers to which structures: read once for all sorts of things.

Most functions take nothing, and their control flow is not read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from cocci_gen.code.texts.remarks import code_of

# What a name ends with is no part of it: a pattern that gives nothing back (`\w*+`) is not tried again for each of its letters.
_CALLED = re.compile(rb"\b([A-Za-z_]\w*+) ?\(")
#: A name that is an argument by itself, and no variable of one letter or two.
_HANDED = re.compile(rb"[(,]\s*+([A-Za-z_]\w{2,}+)\s*+(?=[,)])")
#: The same, or the last word of one.
_LAST_WORD = re.compile(rb"(?<=[(, \t\n])([A-Za-z_]\w{2,}+)\s*+(?=[,)])")
_ASSIGNED = re.compile(rb"\b([A-Za-z_]\w*+) ?= ?(?:\([^()]*+\) ?)?([A-Za-z_]\w*+) ?\(")
_MEMBER_ASSIGNED = re.compile(rb"\b[A-Za-z_]\w*+(?:\.|->)\w++ ?= ?([a-z_]\w*+) ?\(")
_ADDRESS_GIVEN = re.compile(rb"\b([a-z_]\w*+) ?(?=\((?:(?:[^();]|\([^();]*\))*,)?\s*&\s*\w+(?:\.\w+)*\s*[,)])")
#: Not the end of a name, as of `task_struct`.
_STRUCT = re.compile(rb"\bstruct ")
_DECLARED = re.compile(rb"(\w+)([^;{]*)")
_WORD = re.compile(rb"\w+")
#: What an argument begins and ends with, and the names that are called.
_BRACKETS = re.compile(rb"[,);{}]|(?<!\w)(\w*+)\s*+\(")
#: A pointer in the head of a function, `struct loc *loc,`.
_POINTER = re.compile(rb"\*\s*(?:const\s+)?(\w+)\s*[,)]")
#: The body of a function that is one call: `{ return __leaf_get(bed, number, false); }`.
_ONE_CALL = re.compile(rb"[^{}]*\{\s*(?:return\s+)?[A-Za-z_]\w* ?\([^;{}]*\)\s*;\s*\}\s*")


@lru_cache(maxsize=2_048)
def called(text: bytes) -> tuple[str, ...]:
    """The names in front of a bracket, each once, in order."""
    return tuple(map(bytes.decode, dict.fromkeys(_CALLED.findall(code_of(text)))))


@lru_cache(maxsize=16)
def handed(text: bytes) -> tuple[str, ...]:
    """The names that are handed to calls as they are, each once, in order: variables, and functions to be called back."""
    return tuple(name.decode() for name in dict.fromkeys(_HANDED.findall(code_of(text))))


@lru_cache(maxsize=16)
def only_calls(text: bytes) -> bool:
    """Whether a function does nothing but call another one."""
    return _ONE_CALL.fullmatch(code_of(text)) is not None


def line_of_call(text: bytes, name: str) -> int:
    """The line of the first place where a name stands in front of a bracket, counted from 0; 0 where it does not."""
    return _line_of(_firsts(_CALLED, text), name, text)


def line_of_handing(text: bytes, name: str) -> int:
    """The line of the first place where a name is handed to a call, counted from 0; 0 where it is not."""
    return _line_of(_firsts(_LAST_WORD, text), name, text)


@lru_cache(maxsize=16)
def _firsts(pattern: re.Pattern[bytes], text: bytes) -> Mapping[bytes, int]:
    """The names that a pattern finds, and where each stands first; to look for each by itself took a twentieth of a scan."""
    found: dict[bytes, int] = {}
    for match in pattern.finditer(code_of(text)):
        found.setdefault(match[1], match.start())
    return found


def _line_of(places: Mapping[bytes, int], name: str, text: bytes) -> int:
    place = places.get(name.encode())
    return text.count(b"\n", 0, place) if place else 0


@lru_cache(maxsize=16)
def given_addresses(text: bytes) -> tuple[str, ...]:
    """The functions that are called with the address of a variable or of a part of one, `find(inode, &loc)`, each once, in
    order."""
    return tuple(name.decode() for name in dict.fromkeys(_ADDRESS_GIVEN.findall(code_of(text))))


def handed_on(text: bytes) -> tuple[frozenset[str], frozenset[str]]:
    """The functions that are called with a pointer that the function itself is given, as it is, and those that are called with
    the address of something."""
    code = code_of(text)
    start = max(code.find(b"{"), 0)
    pointers = set(_POINTER.findall(code, 0, start))
    own: set[bytes] = set()
    addresses: set[bytes] = set()
    open_calls: list[tuple[bytes, int]] = []
    for found in _BRACKETS.finditer(code, start):
        sign = found[0]
        if sign in (b";", b"{", b"}"):
            open_calls.clear()
        elif sign.endswith(b"("):
            open_calls.append((found[1], found.end()))
        elif open_calls:
            name, begun = open_calls.pop()
            argument = code[begun : found.start()].strip()
            if argument in pointers:
                own.add(name)
            elif argument.startswith(b"&"):
                addresses.add(name)
            if sign == b",":
                open_calls.append((name, found.end()))
    return frozenset(map(bytes.decode, own)), frozenset(map(bytes.decode, addresses))


@lru_cache(maxsize=16)
def put_into_members(text: bytes) -> tuple[str, ...]:
    """The functions whose values are put into members of structures, `old.bh = find(dir)`, each once, in order."""
    return tuple(name.decode() for name in dict.fromkeys(_MEMBER_ASSIGNED.findall(text)))


@lru_cache(maxsize=2_048)
def called_names(text: bytes) -> frozenset[str]:
    """The same as a set."""
    return frozenset(called(text))


@lru_cache(maxsize=16)
def put_into(text: bytes) -> Mapping[str, frozenset[str]]:
    """Structure -> the functions whose values are put into names that may be declared as pointers to one."""
    by_name: dict[bytes, set[str]] = {}
    for name, callee in _ASSIGNED.findall(text):
        by_name.setdefault(name, set()).add(callee.decode())
    found: dict[str, set[str]] = {}
    for part in _STRUCT.split(text)[1:] if by_name else ():
        if (declared := _DECLARED.match(part)) is not None:
            callees = found.setdefault(declared[1].decode(), set())
            callees.update(*(by_name.get(word, ()) for word in _WORD.findall(declared[2])))
    return {structure: frozenset(callees) for structure, callees in found.items() if callees}
