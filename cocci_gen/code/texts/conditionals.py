"""A C text and what is known of the names that its conditionals ask for -> which of its branches are compiled, and the same text
in which these conditions read `1` or `0`: bytes and lines stay where they are, so that whoever reads it next need know nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from cocci_gen.code.texts.directives import Branch, Group, decided, groups_of, is_guard, joined
from cocci_gen.code.texts.reading import arguments

_NAME = re.compile(r"[A-Za-z_]\w*")
_DEFINED = re.compile(r"\bdefined[ \t]*(?:\([ \t]*(\w+)[ \t]*\)|(\w+))")
_HAS_HEADER = re.compile(r"\b__has_include[ \t]*\([ \t]*[<\"]([^>\"]+)[>\"][ \t]*\)")
_DEFINE = re.compile(r"[ \t]*#[ \t]*define[ \t]+(\w+)(\([^)]*\))?(.*)", re.S)
_UNDEFINE = re.compile(r"[ \t]*#[ \t]*undef[ \t]+(\w+)")
_ERROR = re.compile(rb"[ \t]*#[ \t]*error\b")
_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)
#: Words of conditions that are no names to be known.
_OWN = frozenset({"defined", "__has_include", "LINUX_VERSION_CODE", "KERNEL_VERSION"})
#: A macro within a macro within ...: more is one that names itself.
_DEPTH = 5


@dataclass(frozen=True, slots=True)
class NameDefinition:
    """One `#define` (or, with `gone`, `#undef`) on a line; `parameters` is None for one without brackets."""

    name: str
    line: int
    parameters: tuple[str, ...] | None
    body: str
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Names:
    """What is known of names: `values` are defined, as what they stand for ("" where that is not known), `macros` are those
    with parameters, `absent` tells of a name that it is surely not defined, `has_header` of a header whether it exists."""

    version: int
    values: Mapping[str, str] = field(default_factory=dict)
    macros: Mapping[str, tuple[tuple[str, ...], str]] = field(default_factory=dict)
    absent: Callable[[str], bool] = lambda name: False
    has_header: Callable[[str], bool | None] = lambda name: None


def holds(condition: str, names: Names) -> bool | None:
    """Whether a condition of the preprocessor holds; None when something in it is not known."""

    def defined(match: re.Match[str]) -> str:
        name = match[1] or match[2]
        if name in names.values or name in names.macros or name == "__has_include":
            return "1"
        return "0" if names.absent(name) else match[0]

    def header(match: re.Match[str]) -> str:
        there = names.has_header(match[1])
        return match[0] if there is None else str(int(there))

    text = _HAS_HEADER.sub(header, _DEFINED.sub(defined, condition))
    for _ in range(_DEPTH):
        grown = _expanded(text, names)
        if grown == text or len(grown) > 2000:
            break
        text = grown
    return decided(text, names.version)


def _expanded(text: str, names: Names) -> str:
    """The text with names put in that have a value, once; names that are surely not defined are 0."""
    parts, at = [], 0
    for match in _NAME.finditer(text):
        name, start, end = match[0], match.start(), match.end()
        if start < at or _is_asked(text, start):
            continue
        body = None
        if name in names.macros and (called := _call(text, end)) is not None:
            given, end = called
            parameters, body = names.macros[name]
            body = _put_in(body, dict(zip(parameters, given, strict=False)))
        elif names.values.get(name):
            body = f"({names.values[name]})"
        elif name not in _OWN and name not in names.values and names.absent(name):
            called = _call(text, end)
            body, end = "0", called[1] if called is not None else end
        if body is not None:
            parts += [text[at:start], body]
            at = end
    return "".join([*parts, text[at:]])


def _is_asked(text: str, at: int) -> bool:
    """Whether a name stands behind `defined`."""
    return re.search(r"\bdefined[ \t]*\(?[ \t]*\Z", text[:at]) is not None


def _call(text: str, at: int) -> tuple[tuple[str, ...], int] | None:
    """The arguments of a call whose name ends at `at`, and where it ends."""
    opening = re.compile(r"[ \t]*\(").match(text, at)
    if opening is None:
        return None
    depth, position = 1, opening.end()
    while position < len(text) and depth:
        depth += (text[position] == "(") - (text[position] == ")")
        position += 1
    return (arguments(text[opening.end() : position - 1]), position) if depth == 0 else None


def _put_in(body: str, given: Mapping[str, str]) -> str:
    return f"({_NAME.sub(lambda found: given.get(found[0], found[0]), body)})"


class Conditionals:
    """The conditionals of one text, the outer ones first, with the names that it defines."""

    def __init__(self, text: bytes) -> None:
        """Read once; `decide` may be asked again as more becomes known."""
        self.lines = text.split(b"\n")
        groups, others = groups_of(self.lines)
        self.groups: list[Group] = [one for one in reversed(groups) if not one.orphan]
        self.definitions = tuple(self._defined(others))
        self.errors = frozenset(first for first, _ in others if _ERROR.match(self.lines[first]))
        self._guards = {id(one) for one in self.groups if is_guard(one, self.lines)}
        self._defaults = {id(one) for one in self.groups if self._is_own(one)} - self._guards
        owners: dict[int, tuple[Group, Branch]] = {}
        for group in self.groups:
            for branch in group.branches:
                for line in range(branch.last, branch.end):
                    owners[line] = (group, branch)  # inner ones come later
        self._owners = owners

    def _defined(self, others: list[tuple[int, int]]) -> Iterator[NameDefinition]:
        for first, last in others:
            text = joined(b"\n".join(self.lines[first:last])).decode("utf-8", "surrogateescape")
            if match := _DEFINE.match(text):
                given = match[2]
                parameters = tuple(one.strip() for one in given[1:-1].split(",")) if given is not None else None
                body = " ".join(_COMMENT.sub(" ", match[3]).split())
                yield NameDefinition(match[1], first, parameters, body)
            elif match := _UNDEFINE.match(text):
                yield NameDefinition(match[1], first, None, "", gone=True)

    def _is_own(self, group: Group) -> bool:
        """Whether a conditional asks for a name to define it itself, as for a default."""
        asked = {name for branch in group.branches for name in names_in(branch.condition)}
        return any(
            one.name in asked and group.branches[0].first < one.line < group.end_first for one in self.definitions
        )

    def names(self) -> Iterator[str]:
        """Every name that a condition asks for."""
        for group in self.groups:
            for branch in group.branches:
                yield from names_in(branch.condition)

    def decide(self, names: Names) -> None:
        """Which branches are compiled; what was decided before stays."""
        for group in self.groups:
            if id(group) in self._guards:
                group.branches[0].taken = True
            if id(group) in self._guards | self._defaults:
                continue
            before: bool | None = False
            for branch in group.branches:
                found = holds(branch.condition, names) if branch.condition else True
                if branch.taken is None and (before is True or found is False):
                    branch.taken = False
                elif branch.taken is None and before is False and found is True:
                    branch.taken = True
                if branch.taken or found or before:
                    before = True
                elif found is None and branch.taken is None:
                    before = None

    def is_default(self, group: Group) -> bool:
        """Whether a conditional asks for a name to define it, or to keep a header from being read twice."""
        return id(group) in self._guards | self._defaults

    def owner(self, line: int) -> tuple[Group, Branch] | None:
        """The innermost conditional and branch that a line stands in."""
        return self._owners.get(line)

    def around(self, group: Group) -> tuple[Group, Branch] | None:
        """The conditional that one stands in."""
        return self._owners.get(group.branches[0].first)

    def compiled(self, line: int) -> bool | None:
        """Whether a line is compiled; None when that is not known."""
        found: bool | None = True
        place = self.owner(line)
        while place is not None:
            group, branch = place
            if branch.taken is False:
                return False
            found = found if branch.taken else None
            place = self.around(group)
        return found

    def directly(self, branch: Branch) -> Iterator[tuple[int, bytes]]:
        """The lines of a branch, with their numbers, that stand in no conditional within it."""
        for line in range(branch.last, branch.end):
            place = self._owners.get(line)
            if place is not None and place[1] is branch:
                yield line, self.lines[line]

    def surely(self, branch: Branch) -> Iterator[int]:
        """The lines that are compiled where a branch is: its own, and those of conditionals within it that are taken anyway."""
        for line in range(branch.last, branch.end):
            place = self._owners.get(line)
            while place is not None and place[1] is not branch and place[1].taken:
                place = self.around(place[0])
            if place is not None and place[1] is branch:
                yield line

    def rewritten(self) -> bytes:
        """The text with `1` and `0` for what is decided."""
        lines = list(self.lines)
        for group in self.groups:
            for branch in () if self.is_default(group) else group.branches:
                if branch.taken is not None and branch.word != "else":
                    _write(lines, branch)
        return b"\n".join(lines)


def _write(lines: list[bytes], branch: Branch) -> None:
    """The directive of a branch overwritten by its value."""
    word = b"#elif" if branch.word.startswith("el") else b"#if"
    for number in range(branch.first, branch.last):
        width = len(lines[number])
        lines[number] = (word + (b" 1" if branch.taken else b" 0") if number == branch.first else b"").ljust(width)


def names_in(condition: str) -> tuple[str, ...]:
    """The names that a condition asks for."""
    return tuple(name for name in _NAME.findall(_HAS_HEADER.sub("0", condition)) if name not in _OWN)
