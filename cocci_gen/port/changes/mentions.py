"""An evolution and the text of a file -> the lines on which code uses what changed, told by the shape of such a use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cocci_gen.port.changes.evolutions import (
    ConstantGone,
    Evolution,
    FunctionChanged,
    FunctionGone,
    HeaderGone,
    MacroChanged,
    MacroGone,
    MemberGone,
    MemberRetyped,
    MethodChanged,
    MethodGone,
    MethodRenamed,
    StructGone,
    StructRenamed,
    word_of,
)

_DEFINE = re.compile(rb"[ \t]*#[ \t]*define[ \t]+")


@dataclass(frozen=True, slots=True)
class Met:
    """An evolution that the code at hand meets, and where (`file:line`)."""

    evolution: Evolution
    places: tuple[str, ...]


def places_of(evolution: Evolution, text: bytes, *, reached: bool = False) -> tuple[int, ...]:
    """The lines of a file on which code uses what an evolution changed, comments and strings aside; a member whose name others
    have as well counts where the file names its structure, or comes to it through others (`reached`)."""
    if word_of(evolution).encode() not in text:
        return ()  # most of what changed, in most files
    if isinstance(evolution, MemberGone) and not (
        reached or evolution.alone or _names_struct(evolution.old.struct, text)
    ):
        return ()
    pattern = _pattern(evolution)
    if _counts_when_called(evolution, text):
        pattern = re.compile(rb"(?<![.>\w])(" + word_of(evolution).encode() + rb")\b(?=[ \t]*\()")
    found = [one for one in pattern.finditer(text) if not _is_defined(text, one)] if pattern is not None else []
    if isinstance(evolution, FunctionGone) and found:
        declared = {one.start(1) for one in prototypes_in(evolution.old.name, text)}
        found = [one for one in found if one.start(1) not in declared]
    if isinstance(evolution, MemberGone):
        found += [*_in_tables(evolution, text), *_in_macros(evolution, text)]
    return tuple(text.count(b"\n", 0, match.start(match.lastindex or 0)) + 1 for match in found)


def _is_defined(text: bytes, match: re.Match[bytes]) -> bool:
    """Whether a macro of the name is defined there, which is no use of the kernel's."""
    start = match.start(match.lastindex or 0)
    return _DEFINE.fullmatch(text, text.rfind(b"\n", 0, start) + 1, start) is not None


def prototypes_in(name: str, text: bytes) -> Iterator[re.Match[bytes]]:
    """The places of a text that only declare a function, with its name as the first group: who calls it is told there."""
    word = re.escape(name.encode())
    head = rb"^(?!return\b|else\b)[A-Za-z_][\w \t\n*]*[ \t\n*](" + word + rb")[ \t]*"
    return re.finditer(head + rb"\((?:[^(){};]|\([^(){};]*\))*\)[^(){};=]*;", text, re.MULTILINE)


def _counts_when_called(evolution: Evolution, text: bytes) -> bool:
    """Whether the bare name means something else in a file: a macro with parameters is called or it is none, a function may hide
    behind a variable."""
    match evolution:
        case MacroGone(old=macro) | MacroChanged(old=macro):
            return macro.arity != -1
        case FunctionGone(old=function) | FunctionChanged(old=function):
            return _is_variable(function.name, text)
    return False


def _is_variable(name: str, text: bytes) -> bool:
    """Whether a file has a variable of this name: then only calls may mean a function."""
    word = re.escape(name.encode())
    types = rb"(?:\b(?:struct|union|enum)[ \t]+\w+|\b(?:int|long|short|char|bool|unsigned|\w+_t|[su]\d+))"
    return re.search(types + rb"[ \t]+[*]*" + word + rb"[ \t]*[;,=)\[]", text) is not None


def _names_struct(tag: str, text: bytes) -> bool:
    return re.search(rb"\bstruct[ \t\n]+" + re.escape(tag.encode()) + rb"\b", text) is not None


def _in_tables(evolution: MemberGone, text: bytes) -> list[re.Match[bytes]]:
    """The entries for a member in a file that fills such a structure; `.owner = THIS_MODULE` stands in many others."""
    tag, word = re.escape(evolution.old.struct.encode()), re.escape(evolution.old.name.encode())
    if not re.search(
        rb"\bstruct[ \t]+" + tag + rb"\b[^;(){}]*=[ \t\n]*\{|\([ \t]*struct[ \t]+" + tag + rb"[ \t]*\)[ \t\n]*\{", text
    ):
        return []
    return list(re.finditer(rb"(?:^|[{,])[ \t]*\.(" + word + rb")[ \t]*=", text, re.MULTILINE))


def _in_macros(evolution: MemberGone, text: bytes) -> Iterator[re.Match[bytes]]:
    """The places where a macro takes a member by its name: behind its structure (`container_of(p, struct dentry, d_child)`), or a
    member of a part of it (`d_u.d_alias`), in a file that names the structure and has no variable of that name."""
    tag, word = re.escape(evolution.old.struct.encode()), re.escape(evolution.old.name.encode())
    yield from re.finditer(rb"\bstruct[ \t]+" + tag + rb"[ \t]*,[ \t\n]*(" + word + rb")\b", text)
    whole = evolution.old.type == "{}" and _names_struct(evolution.old.struct, text)
    if whole and not _is_variable(evolution.old.name, text):
        yield from re.finditer(rb"[(,][ \t\n]*(" + word + rb")[ \t]*\.[ \t]*\w", text)


def _pattern(evolution: Evolution) -> re.Pattern[bytes] | None:
    word = re.escape(word_of(evolution).encode())
    match evolution:
        case MethodChanged() | MethodRenamed() | MethodGone():
            set_alone = rb"[\w\])][ \t]*\.(" + word + rb")[ \t]*=(?!=)"
            return re.compile(rb"^[ \t]*\.(" + word + rb")[ \t]*=|->(" + word + rb")\b|" + set_alone, re.MULTILINE)
        case MacroGone(old=macro) if macro.member:
            return re.compile(rb"\b(" + word + rb")\b")
        case MemberGone() | MemberRetyped(is_wrapped=True):
            return re.compile(rb"(?:->|[\w\])][ \t]*\.)[ \t]*(" + word + rb")\b")
        case MemberRetyped(is_closed=True):
            return re.compile(rb"(?:->|[\w\])][ \t]*\.)[ \t]*(" + word + rb")[ \t]*(?:[-+|&^]|<<|>>)?=(?!=)")
        case HeaderGone():
            return re.compile(rb"^[ \t]*#[ \t]*include[ \t]*[<\"](" + word + rb")[>\"]", re.MULTILINE)
        case StructRenamed() | StructGone():
            return re.compile(rb"\bstruct[ \t\n]+(" + word + rb")\b")
        case FunctionGone() | FunctionChanged() | MacroGone() | MacroChanged() | ConstantGone():
            return re.compile(rb"(?<![.>\w])(" + word + rb")\b")
    return None
