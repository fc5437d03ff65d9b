"""Kernel headers -> StructDefinition, the methods of the structures that hold them.

    struct demo_operations {
            int (*open)(struct inode *, struct file *);     a method
            demo_end_t *end;                                one whose type is a typedef of the same header
    #ifdef CONFIG_QUOTA                                     both sides of a condition count
    };

Headers are C, but the document is compared with what they say, not with what a compiler of one configuration sees.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from cocci_gen.document.declarations import Prototype, read_prototypes

_STRUCT = re.compile(r"^(?:typedef )?struct[ \t]+(\w+)[ \t]*\n?\{", re.MULTILINE)
_DEFINES = re.compile(rb"^(?:typedef )?struct[ \t]+(\w+)[ \t]*\n?\{", re.MULTILINE)
_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
_DIRECTIVE = re.compile(r"^[ \t]*#(?:[^\n\\]|\\\r?\n|\\.)*", re.MULTILINE)
#: `__printf(1, 2)` and `__attribute__((...))`, but not `__poll_t (*poll)`; and words between the parameters and the semicolon.
_ATTRIBUTE = re.compile(
    r"\b__\w+[ \t]*\((?!\s*\*)(?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)|(?<=\))(?:\s*\b__\w+)+(?=\s*;)"
)
#: A union or structure without a name and what stands in it, where nothing but members of their own does.
_NAMELESS = re.compile(r"(\b(?:struct|union)\s*\{)([^{}]*)(\}\s*;)")
_POINTER = re.compile(r"\s*(\w+)\s*\*\s*(\w+)\s*")
_TYPEDEF = re.compile(r"^typedef\s+([\w\s*]*?[\w*])\s*\(\s*\*?\s*(\w+)\s*\)\s*\(([^;{}]*)\)\s*;", re.MULTILINE)
#: Where most structures of methods are defined; other headers are read only for what is not found there.
HEADERS = "include/linux/"
#: Structures that hold methods and little else.
_OPERATIONS = re.compile(r"\w+_(?:operations|ops|operations_struct)")


class _Blob(Protocol):
    @property
    def oid(self) -> str: ...


class Tree(Protocol):
    """What is needed of a kernel tree (`kernel.tree.KernelTree` is one)."""

    def blobs(self) -> Mapping[str, _Blob]:
        """The files of the tree by path."""

    def read_blobs(self, oids: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        """Texts by object id."""


@dataclass(frozen=True, slots=True)
class StructDefinition:
    """One definition of a structure; a method may have several prototypes, one for each side of a condition.

    `others` are the words of all members that are no methods, or cannot be read as such: a macro, a union, a foreign type.
    `inner` are the methods of its unions and structures without a name: which of two heads counts is not said, but each is there.
    """

    name: str
    path: str
    line: int
    methods: tuple[Prototype, ...]
    others: frozenset[str]
    inner: tuple[Prototype, ...] = ()

    def prototypes(self, method: str) -> tuple[Prototype, ...]:
        """Every prototype of a method; none where the structure has no such method."""
        return tuple(prototype for prototype in self.methods if prototype.method == method)

    @property
    def names(self) -> tuple[str, ...]:
        """The methods, each once, in their order."""
        return tuple(dict.fromkeys(prototype.method for prototype in self.methods))


def read_structs(text: bytes, path: str, wanted: Collection[str]) -> tuple[StructDefinition, ...]:
    """The wanted structures of a header and, if it has any of them, its other structures of operations.

    A structure whose braces do not match is left out.
    """
    if not any(match.group(1).decode() in wanted for match in _DEFINES.finditer(text)):
        return ()
    code = _blanked(text.decode("utf-8", "replace"))
    found = []
    for match in _STRUCT.finditer(code):
        name = match.group(1)
        if name in wanted or _OPERATIONS.fullmatch(name):
            end = _closing(code, match.end())
            line = code.count("\n", 0, match.start()) + 1
            first = code.count("\n", 0, match.end()) + 1
            body = code[match.end() : end]
            methods, others = _members(body, first, code)
            inner = tuple(one for one in _within(body, first, code) if one not in methods)
            found += [StructDefinition(name, path, line, methods, others, inner)] if end >= 0 else []
    return tuple(found)


def definitions(
    headers: Iterable[tuple[str, bytes]], wanted: Collection[str]
) -> dict[str, tuple[StructDefinition, ...]]:
    """Structures by name, from paths and texts of headers; more than one where several headers define it."""
    structs: dict[str, tuple[StructDefinition, ...]] = {}
    for path, text in headers:
        for one in read_structs(text, path, wanted):
            structs[one.name] = (*structs.get(one.name, ()), one)
    return structs


class HeaderStructs:
    """The structures that the headers of a tree define; each is read when it is asked for."""

    def __init__(self, tree: Tree) -> None:
        """The headers in include/ of the tree count."""
        self._tree = tree
        self._places: list[dict[str, list[tuple[str, bytes]]]] = []
        self._found: dict[str, dict[str, tuple[StructDefinition, ...]]] = {}

    def follow(self, former: HeaderStructs) -> bool:
        """Take over what is known of another tree, and share what either comes to know, where both have the same headers; whether
        they have."""
        same = _oids(self._tree) == _oids(former._tree)
        if same:
            self._places, self._found = former._places, former._found
        return same

    def of(self, name: str) -> tuple[StructDefinition, ...]:
        """The definitions of a structure in include/linux/, else in all other headers; none where no header has it."""
        return self.beside(name).get(name, ())

    def beside(self, name: str) -> Mapping[str, tuple[StructDefinition, ...]]:
        """The same, with the other structures of operations of these headers."""
        if name not in self._found:
            self._found[name] = next(filter(None, (self._read(name, where) for where in (0, 1))), {})
        return self._found[name]

    def _read(self, name: str, where: int) -> dict[str, tuple[StructDefinition, ...]]:
        while len(self._places) <= where:
            self._places.append(self._defining(near=not self._places))
        return definitions(self._places[where].get(name, ()), (name,))

    def _defining(self, *, near: bool) -> dict[str, list[tuple[str, bytes]]]:
        """Structure -> the headers that may define it, with their texts."""
        places: dict[str, list[tuple[str, bytes]]] = {}
        blobs = self._tree.blobs()
        by_oid: dict[str, list[str]] = {}
        for path in filter(_counts, sorted(blobs)):
            if _is_near(path) == near:
                by_oid.setdefault(blobs[path].oid, []).append(path)
        for oid, text in self._tree.read_blobs(tuple(by_oid)):
            for name in {match.group(1).decode() for match in _DEFINES.finditer(text)}:
                places.setdefault(name, []).extend((path, text) for path in by_oid[oid])
        return places


def _counts(path: str) -> bool:
    return path.startswith("include/") and path.endswith(".h")


def _oids(tree: Tree) -> dict[str, str]:
    """The headers of a tree."""
    blobs = tree.blobs()
    return {path: blobs[path].oid for path in filter(_counts, blobs)}


def _is_near(path: str) -> bool:
    return path.startswith(HEADERS) and "/" not in path.removeprefix(HEADERS)


def _blanked(text: str) -> str:
    """The text with comments, directives and attributes replaced by blanks; the lines stay where they are."""

    def blank(match: re.Match[str]) -> str:
        return _blank(match.group())

    return _ATTRIBUTE.sub(blank, _DIRECTIVE.sub(blank, _COMMENT.sub(blank, text.replace("\r\n", "\n"))))


def _closing(code: str, start: int) -> int:
    """The index of the brace that closes the body which begins at `start`; -1 for none."""
    depth = 1
    for match in re.compile(r"[{}]").finditer(code, start):
        depth += 1 if match.group() == "{" else -1
        if depth == 0:
            return match.start()
    return -1


def _within(body: str, line: int, code: str) -> tuple[Prototype, ...]:
    """All methods of a body that has unions or structures without a name, theirs among them; none of another body."""
    opened = _opened(body)
    return _members(opened, line, code)[0] if opened != body else ()


def _opened(body: str) -> str:
    """A body with the members of its unions and structures without a name in their place; the lines stay where they are."""
    opened = _NAMELESS.sub(lambda match: f"{_blank(match[1])}{match[2]}{_blank(match[3])}", body)
    return body if opened == body else _opened(opened)


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def _members(body: str, line: int, code: str) -> tuple[tuple[Prototype, ...], frozenset[str]]:
    """The methods of a body whose first line has this number, and the words of the other members; methods of inner structures
    are among the others."""
    flat = re.sub(r"\{[^{}]*\}", lambda match: _blank(match.group()), body)
    methods: list[Prototype] = []
    others: set[str] = set()
    start = 0
    for match in re.finditer(";", flat):
        member = flat[start : match.end()]
        skipped = member[: len(member) - len(member.lstrip())]
        first = line + flat.count("\n", 0, start) + skipped.count("\n")
        found = list(_method(member.strip(), first, code))
        methods += found
        if not found:
            others |= set(re.findall(r"\w+", body[start : match.end()]))
        start = match.end()
    return tuple(methods), frozenset(others)


def _method(member: str, line: int, code: str) -> Iterator[Prototype]:
    pointer = _POINTER.fullmatch(member.rstrip(";"))
    if pointer:
        for returns, name, parameters in _TYPEDEF.findall(code):
            if name == pointer.group(1):
                member = f"{returns} (*{pointer.group(2)})({parameters});"
    if "(" in member:
        yield from (one for one in read_prototypes(member.split("\n"), line) if one.method)
