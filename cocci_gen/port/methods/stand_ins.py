"""Methods that went, and the code of the old kernel -> StandIn, what that did where a table had one of them and not another one.

`ret = mapping->a_ops->writepages(mapping, wbc)` stood before `else if (mapping->a_ops->writepage) ret =
writeback_use_writepage(mapping, wbc)`: so a table without `.writepages` gets one that is writeback_use_writepage() with its own
->writepage called in it, and a table with both needs the one no more.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from cocci_gen.port.changes.evolutions import (
    DeclarationsMoved,
    Evolution,
    HeaderGone,
    IncludeGone,
    MethodGone,
    ProtocolChanged,
    word_of,
)
from cocci_gen.port.headers.includes import includes_of
from cocci_gen.port.lessons.examples import group_of
from cocci_gen.port.lessons.rules import Said
from cocci_gen.port.lessons.types import TypeIndex
from cocci_gen.port.methods.lost_methods import LostMethod
from cocci_gen.port.texts.include_graph import Includes
from cocci_gen.port.texts.instances import Code, Written
from cocci_gen.port.texts.plain_text import blank_comments

_TOKEN = re.compile(r"\w+|&&|\|\||==|->|\S")
#: `if (P->other) R P->other(A); else if (P->gone) R f(A);`, with or without braces, R being `return` or `x =`.
_DISPATCH = re.compile(
    r"\bif \( (?P<path>\w+ (?:-> \w+ )*?)-> (?P<other>\w+) \) (?:\{ )?(?P<kept>return|\w+ =) "
    r"(?P=path)-> (?P=other) \( (?P<given>[^()]*) \) ; (?:\} )?"
    r"else if \( (?P=path)-> (?P<gone>\w+) \) (?:\{ )?(?P=kept) (?P<carrier>\w+) \( (?P=given) \) ;"
)
_CALL = re.compile(r"(?<![.>\w])([A-Za-z_]\w*)\s*\(")
_FOLDER = "include/linux/"
_KEYWORDS = frozenset({"if", "while", "for", "switch", "return", "sizeof", "do"})


@dataclass(frozen=True, slots=True)
class StandIn:
    """A method that went, the one that was asked for before it, and the function that stood in for that: its text in three parts,
    behind each of the first two of which stands a name (its own, the method's), and the headers that declare what it calls."""

    gone: MethodGone
    other: str
    text: tuple[str, str, str]
    headers: tuple[str, ...]
    ground: Said


def stand_ins(
    evolutions: Iterable[Evolution],
    old: Code,
    types: TypeIndex,
    headers: Includes,
    name: str,
    excluded: Collection[str] = (),
) -> tuple[StandIn, ...]:
    """What changed, the code and types of the old kernel, the headers of the new one, and what the old one is called ->
    the methods that were called for want of another one only, where all that was done around them can be done by now."""
    listed = list(evolutions)
    changed = _Changed(listed)
    found: dict[str, StandIn] = {}
    for gone in (one for one in listed if isinstance(one, MethodGone)):
        for function in _naming(gone.old.name, old, excluded):
            match = _dispatch(gone, function, types)
            if match is None or f"{gone.old.struct}.{match['other']}" in changed.members:
                continue
            carrier = old.resolve(match["carrier"], function.path)
            read = _read(gone, carrier, old, changed, headers) if carrier is not None else None
            if read is not None and carrier is not None:
                ground = Said(f"{name}, {carrier.path}: {carrier.name}()")
                found.setdefault(gone.id, StandIn(gone, match["other"], *read, ground))
    return tuple(found.values())


class _Changed:
    """The members and methods that changed, by structure and name, and the words by which code uses what else did."""

    def __init__(self, evolutions: Iterable[Evolution]) -> None:
        self.members: set[str] = set()
        self.words: set[str] = set()
        for one in evolutions:
            if isinstance(one, HeaderGone | DeclarationsMoved | IncludeGone | ProtocolChanged):
                continue
            struct = getattr(getattr(one, "old", None), "struct", "")
            (self.members if struct else self.words).add(f"{struct}.{word_of(one)}" if struct else word_of(one))

    def used_by(self, text: str) -> bool:
        """Whether a function without comments uses any of it, or a member of something that is no pointer of its own."""
        if not self.words.isdisjoint(re.findall(r"(?<![.>\w])\w+", text)):
            return True
        for base, member, rest in re.findall(r"(?<![.>\w])(\w+)(?:->|\.)(\w+)\s*(->|\.)?", text):
            tag = re.search(rf"\bstruct\s+(\w+)\s*\*?\s*{base}\b", text)
            if tag is None or rest or f"{tag[1]}.{member}" in self.members:
                return True
        return False


def needless_beside(ways: Iterable[StandIn], known: Iterable[LostMethod]) -> Iterator[LostMethod]:
    """The methods that nobody needs beside the one that was asked for first; where the tree shows more, that is `known`."""
    shown = {one.gone.id for one in known}
    yield from (LostMethod(one.gone, (one.other,), one.ground) for one in ways if one.gone.id not in shown)


def _naming(method: str, code: Code, excluded: Collection[str]) -> Iterator[Written]:
    """The functions that ask for a method."""
    asked = re.compile(rb"->" + re.escape(method.encode()) + rb"\s*\)\s*[{\w]")
    for function in (one for ones in code.functions.values() for one in ones):
        if group_of(function.path) not in excluded and asked.search(function.text):
            yield function


def _dispatch(gone: MethodGone, function: Written, types: TypeIndex) -> re.Match[str] | None:
    """The place where a function calls something for a method, for want of another one of the same table."""
    for match in _DISPATCH.finditer(" ".join(_TOKEN.findall(_plain(function)))):
        table = match["path"].split(" -> ")[-1].strip()
        if match["gone"] == gone.old.name and types.of_member(None, table) == gone.old.struct:
            return match
    return None


def _read(
    gone: MethodGone, carrier: Written, code: Code, changed: _Changed, headers: Includes
) -> tuple[tuple[str, str, str], tuple[str, ...]] | None:
    """The parts of a function that calls the method once, and the headers for the rest that it calls; None where it does
    something that no module could do by now."""
    text, plain = carrier.text.decode("utf-8", "replace"), _plain(carrier)
    asked = re.compile(rf"\w+(?:->\w+)*->{gone.old.name}(?=\()")
    calls, rest = [*asked.finditer(text)], asked.sub("", plain)
    own = list(re.finditer(rf"\b{carrier.name}(?=\()", text))
    if not carrier.span.static or (len(calls), len(own)) != (1, 1) or "#" in plain or changed.used_by(rest):
        return None
    if len(re.findall(rf"\b{gone.old.name}\b", plain)) != 1 or own[0].start() > calls[0].start():
        return None
    homes = _homes(set(_CALL.findall(plain)) - _KEYWORDS - {carrier.name, gone.old.name}, carrier, code, headers)
    parts = text[: own[0].start()], text[own[0].end() : calls[0].start()], text[calls[0].end() :]
    return (parts, homes) if homes is not None else None


def _homes(called: Iterable[str], carrier: Written, code: Code, headers: Includes) -> tuple[str, ...] | None:
    """The headers by way of which a function's file has what it calls, its own includes first; None where one of that is declared
    nowhere there."""
    named = includes_of(code.texts[carrier.path])
    own = {f"include/{one}" for one in named}
    below = sorted(
        (one for one in headers.closure(named) if one.startswith(_FOLDER)), key=lambda one: (one not in own, one)
    )
    found: set[str] = set()
    for name in called:
        home = next((one for one in below if name.encode() in headers.declared(frozenset({one}))), None)
        if home is None:
            return None
        found.add(home.removeprefix("include/"))
    return tuple(sorted(found))


def _plain(function: Written) -> str:
    return blank_comments(function.text).decode("utf-8", "replace")
