"""The text of a C statement -> Operand, what it names, calls and follows, as trees.

Operators do not matter here, only what stands between them: `sb->s_fs_info`, `BOX(inode)->table[n]`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_TOKEN = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|[A-Za-z_]\w*|\d[\w.]*|->|\+\+|--|<<|>>|[<>=!]=|&&|\|\||\S")
_NAME = re.compile(r"[A-Za-z_]\w*")
_CAST = re.compile(r"(?:const |volatile |struct |union |unsigned |signed )*\w+(?: \*| const)*")
_TYPES = re.compile(
    r"(?:const |volatile )*(?:struct|union|enum|unsigned|signed|void|char|int|long|short|bool|u?intptr_t|[us]\d+)\b"
)
_PREFIXES = frozenset({"!", "~", "-", "+", "++", "--"})
_CLOSING = frozenset({")", "]", "}", ","})
#: Words that are no operands, and after which one begins.
_WORDS = frozenset({";", "return", "case", "else", "do"})
#: Longer texts are tables or the like.
_MOST = 2000


@dataclass(frozen=True, slots=True)
class Name:
    """An identifier, or a string as it is written."""

    name: str


@dataclass(frozen=True, slots=True)
class Member:
    """`base->name` or `base.name`."""

    base: Operand
    name: str


@dataclass(frozen=True, slots=True)
class Element:
    """`base[...]` or `*base`; `index` is what stands in the brackets."""

    base: Operand
    index: Operand


@dataclass(frozen=True, slots=True)
class Address:
    """`&base`: it looks at nothing yet."""

    base: Operand


@dataclass(frozen=True, slots=True)
class Called:
    """A call; the callee is a Name unless it goes through a pointer."""

    callee: Operand
    arguments: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class Several:
    """Operands with operators between them, or none at all."""

    parts: tuple[Operand, ...]


Operand = Name | Member | Element | Address | Called | Several
NOTHING = Several(())


@lru_cache(maxsize=1 << 14)
def operand_of(text: str) -> Operand:
    """The operand that a text is; Several where it is more than one."""
    tokens = tuple(_TOKEN.findall(text))
    if len(tokens) > _MOST:
        return NOTHING
    parser = _Parser(tokens)
    parts: list[Operand] = []
    while parser.at < len(tokens):
        parts.append(parser.several())
        parser.at += 1  # what closes nothing, or a comma
    return parts[0] if len(parts) == 1 else Several(tuple(parts))


def inside(operand: Operand) -> Iterator[Operand]:
    """What an operand is made of."""
    if isinstance(operand, Member | Address):
        yield operand.base
    elif isinstance(operand, Element):
        yield from (operand.base, operand.index)
    elif isinstance(operand, Called):
        yield from (operand.callee, *operand.arguments)
    elif isinstance(operand, Several):
        yield from operand.parts


class _Parser:
    def __init__(self, tokens: tuple[str, ...]) -> None:
        self.tokens = tokens
        self.at = 0

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def several(self) -> Operand:
        """Everything up to what closes it."""
        parts: list[Operand] = []
        operators = 0
        while self.peek() and self.peek() not in _CLOSING:
            if self.peek() in _WORDS:
                self.at += 1
                continue
            if self._starts(operand_expected=len(parts) <= operators):
                parts.append(self.unary())
            else:
                operators += 1
                self.at += 1
        return parts[0] if len(parts) == 1 and not operators else Several(tuple(parts))

    def _starts(self, *, operand_expected: bool) -> bool:
        token = self.peek()
        if token in ("*", "&") or token in _PREFIXES:
            return operand_expected
        return token[0] in "\"'({" or token[0].isalnum() or token[0] == "_"

    def unary(self) -> Operand:
        token = self.peek()
        if token in ("*", "&"):
            self.at += 1
            base = self.unary()
            return Element(base, NOTHING) if token == "*" else Address(base)
        if token in _PREFIXES:
            self.at += 1
            return Several((self.unary(), NOTHING))
        if token == "(" and self._skip_cast():
            return self.unary()
        return self.postfix()

    def _skip_cast(self) -> bool:
        depth, end = 0, self.at
        while end < len(self.tokens):
            depth += (self.tokens[end] == "(") - (self.tokens[end] == ")")
            end += 1
            if depth == 0:
                break
        words = " ".join(self.tokens[self.at + 1 : end - 1])
        following = self.tokens[end] if end < len(self.tokens) else ""
        is_type = _CAST.fullmatch(words) and (words.endswith("*") or _TYPES.match(words))
        if not is_type or not (following[:1].isalnum() or following[:1] in ("_", "(", "*", "&")):
            return False
        self.at = end
        return True

    def postfix(self) -> Operand:
        token = self.peek()
        self.at += 1
        found: Operand = NOTHING
        if token in ("(", "{"):
            inside = self._closed()
            found = inside[0] if len(inside) == 1 else Several(inside)
        elif _NAME.fullmatch(token) or token.startswith('"'):
            found = Name(token)
        while self.peek() in ("->", ".", "[", "(", "++", "--"):
            sign = self.peek()
            self.at += 1
            if sign in ("->", "."):
                found = Member(found, self.peek())
                self.at += 1
            elif sign == "[":
                found = Element(found, Several(self._closed()))
            elif sign == "(":
                found = Called(found, self._closed())
        return found

    def _closed(self) -> tuple[Operand, ...]:
        """What stands between a bracket and its end, between commas."""
        parts: list[Operand] = []
        while self.peek():
            if self.peek() in (")", "]", "}"):
                self.at += 1
                break
            if self.peek() == ",":
                self.at += 1
                continue
            parts.append(self.several())
        return tuple(parts)
