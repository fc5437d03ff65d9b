"""The head of a function, and the prototype of a method -> whether the one can be set to the other."""

from __future__ import annotations

import re
from functools import lru_cache

from cocci_gen.code.texts.reading import arguments
from cocci_gen.code.texts.remarks import blanked
from cocci_gen.document.declarations import Prototype

#: What a function returns, and its parameters.
Head = tuple[str, tuple[str, ...]]

_TAG = re.compile(r"\b(?:struct|union|enum)\s+(\w+)")
_BASIC = frozenset({"unsigned", "signed", "int", "long", "short", "char", "bool", "void"})


@lru_cache(maxsize=2048)
def plain(text: bytes) -> str:
    """A text without comments and strings, its lines where they were."""
    return blanked(text).decode("utf-8", "surrogateescape")


def head_of(shown: str, name: str) -> Head | None:
    """What a function of that name returns and takes, where a text has its head."""
    for match in re.finditer(rf"(?<![\w.>]){re.escape(name)}\s*\(", shown):
        depth, end = 1, match.end()
        while end < len(shown) and depth:
            depth += (shown[end] == "(") - (shown[end] == ")")
            end += 1
        behind = shown[end:].lstrip(" \t\r\n\\")
        before = re.split(r"[;}]|^[ \t]*#[^\n]*\n", shown[max(0, match.start() - 400) : match.start()], flags=re.M)[-1]
        if depth == 0 and (not behind or behind.startswith("{")) and "=" not in before and "(" not in before:
            parameters = arguments(re.sub(r"\\[ \t\r]*\n", " ", shown[match.end() : end - 1]))
            if parameters and all(re.search(r"[\w*]\s*[\s*]\s*\w|^void$|\.\.\.|\*$", one) for one in parameters):
                return " ".join(before.split()), parameters
    return None


def fits(head: Head, prototype: Prototype) -> bool:
    """Whether a head takes and returns the structures that a prototype does, in their order."""
    returns, parameters = head
    if len(parameters) != len(prototype.parameters):
        return False
    for one, other in zip(map(_kind, parameters), map(_kind, prototype.parameters), strict=True):
        if one != other and ("?",) not in (one, other):
            return False
    return not returns or _TAG.findall(returns) == _TAG.findall(prototype.returns)


def _kind(parameter: str) -> tuple[str, ...]:
    """What a type is made of: its structures, or the words of C that it is written in; a name of its own says nothing."""
    tags = tuple(_TAG.findall(parameter))
    if tags or "*" in parameter:
        return tags
    words = [word for word in re.findall(r"\w+", parameter) if word != "const"]
    basic = sorted(word for word in words if word in _BASIC)
    return tuple(word for word in basic if word != "int" or basic == ["int"]) if basic else ("?",)
