"""What changed, and some code -> Met, the evolutions that the code meets, each with the places."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from cocci_gen.port.calls.fallbacks import dead_fallbacks
from cocci_gen.port.changes.evolutions import (
    Evolution,
    HeaderGone,
    MemberGone,
    MemberRetyped,
    MethodChanged,
    MethodGone,
    MethodRenamed,
    OfTag,
    ProtocolChanged,
    word_of,
)
from cocci_gen.port.changes.mentions import Met, places_of
from cocci_gen.port.knowledge import Kernels
from cocci_gen.port.lessons.types import TypeIndex, read_types
from cocci_gen.port.members.receivers import Receivers
from cocci_gen.port.members.struct_rules import own_structs
from cocci_gen.port.texts.include_graph import INCLUDE
from cocci_gen.port.texts.instances import Code
from cocci_gen.port.texts.nested_entries import nested_entries
from cocci_gen.port.texts.pasted_arguments import pasted_names_of
from cocci_gen.port.texts.plain_text import blank_comments, plain

_ENUM = re.compile(rb"\benum\b[ \t\n]*\w*[ \t\n]*\{([^{}]*)\}")
_ENUMERATOR = re.compile(rb"(?:^|,)\s*([A-Za-z_]\w*)")
#: A macro that is another name.
_RESPELLED = re.compile(rb"^[ \t]*#[ \t]*define[ \t]+(\w+)[ \t]+(?!\1\b)[A-Za-z_]\w*[ \t\r]*$", re.MULTILINE)
_DEFINED = re.compile(rb"^[ \t]*#[ \t]*define[ \t]+(\w+)", re.MULTILINE)


def used_by(kernels: Kernels, code: Code, types: TypeIndex) -> tuple[Met, ...]:
    """The evolutions that some code meets, with the places, and the types of the old kernel; names that the code defines itself
    are its own."""
    receivers = Receivers(code, types.joined(read_types(code.texts.values())))
    dead = dead_fallbacks(code.texts.values(), kernels.evolutions, kernels.headers[1])
    words = _Words(code.texts, dead, _through_parts(kernels.evolutions, code, types))
    found = []
    for one in kernels.evolutions:
        places = [
            f"{path}:{line}" for path in words.files_reaching(one) for line in sorted(receivers.reached(path, one))
        ]
        for path, text in words.files_with(one):
            lines = places_of(one, text)
            foreign = receivers.others(path, one) if lines else ()
            if lines and isinstance(one, MemberGone) and not words.names_struct(one):
                lines = tuple(line for line in lines if line in receivers.ours(path, one))
            places += (f"{path}:{line}" for line in lines if line not in foreign)
        if places:
            found.append(Met(one, tuple(places)))
    return tuple(found)


def _through_parts(evolutions: Iterable[Evolution], code: Code, types: TypeIndex) -> frozenset[tuple[str, str]]:
    """The methods that initialisers come to through a part of another structure (`.notify.fn = f` of a `struct dm_io_request`):
    the code need not name the structure of the part."""
    methods = {
        (one.old.struct, one.old.name)
        for one in evolutions
        if isinstance(one, MethodChanged | MethodRenamed | MethodGone)
    }
    found: set[tuple[str, str]] = set()
    for entry in nested_entries(code.texts, {name for _, name in methods}):
        for reach in types.members.get(entry.part, ()):
            key = reach.tag, entry.method
            if (
                key in methods
                and not reach.pointer
                and re.search(rb"\b" + reach.owner.encode() + rb"\b", code.texts[entry.path])
            ):
                found.add(key)
    return frozenset(found)


_TAG_OR_MEMBER = MemberGone | MemberRetyped | MethodChanged | MethodRenamed | MethodGone | OfTag


class _Words:
    """The words of some code, by file, and those that are its own."""

    def __init__(
        self, texts: Mapping[str, bytes], dead: frozenset[str], reached: frozenset[tuple[str, str]] = frozenset()
    ) -> None:
        """`dead` are macros of the code that are never compiled, `reached` the methods that it comes to through parts."""
        self._reached = reached
        self._texts = dict(sorted(texts.items()))
        self._plain = {path: plain(text) for path, text in self._texts.items()}
        self._every = frozenset[bytes]().union(*(one.words for one in self._plain.values()))
        self._included = {
            path: frozenset(name for _, name in INCLUDE.findall(text)) for path, text in self._texts.items()
        }
        self._headers = frozenset[bytes]().union(*self._included.values())
        self._own, self._structs = own_names(texts) - dead, own_structs(texts.values())
        self._respelled = frozenset(name for one in self._plain.values() for name in _RESPELLED.findall(one.code))

    def files_with(self, evolution: Evolution) -> Iterator[tuple[str, bytes]]:
        """The files that may use what changed: as they are written for a header, without comments and strings for all else."""
        word = word_of(evolution).encode()
        if isinstance(evolution, HeaderGone):
            if word in self._headers:  # most headers that went, no file includes
                yield from ((path, text) for path, text in self._texts.items() if word in self._included[path])
        elif word in self._every and self._is_met(evolution):
            yield from ((path, one.code) for path, one in self._plain.items() if word in one.words)

    def files_reaching(self, evolution: Evolution) -> Iterator[str]:
        """The files that may use a member by way of other structures."""
        word = word_of(evolution).encode()
        if isinstance(evolution, _TAG_OR_MEMBER) and word in self._every and word not in self._respelled:
            yield from (path for path, one in self._plain.items() if word in one.words)

    def names_struct(self, gone: MemberGone) -> bool:
        """Whether the structure is named somewhere: else it may still be reached through others (`sb->s_bdev->bd_inode`)."""
        return gone.old.struct.encode() in self._every

    def _is_met(self, evolution: Evolution) -> bool:
        """Whether the word means the kernel's; one for which the code has a macro that is another name, it follows already."""
        if word_of(evolution).encode() in self._respelled and isinstance(evolution, _TAG_OR_MEMBER):
            return False
        match evolution:
            case MemberGone(alone=True):
                return True
            case MemberGone(old=old) | MemberRetyped(old=old):
                return old.struct.encode() in self._every
            case MethodChanged(old=method) | MethodRenamed(old=method) | MethodGone(old=method):
                return method.struct.encode() in self._every or (method.struct, method.name) in self._reached
            case ProtocolChanged():
                return True
        names: Collection[str] = self._structs if isinstance(evolution, OfTag) else self._own
        return word_of(evolution) not in names


def own_names(texts: Mapping[str, bytes]) -> frozenset[str]:
    """The macros and enumerators that some code defines itself, and the names that its macros paste into others."""
    names = {name for text in texts.values() for name in _DEFINED.findall(text)}
    names |= {
        name
        for text in texts.values()
        for body in _ENUM.findall(text)
        for name in _ENUMERATOR.findall(blank_comments(body))
    }
    return frozenset(name.decode("utf-8", "replace") for name in names) | pasted_names_of(texts.values())
