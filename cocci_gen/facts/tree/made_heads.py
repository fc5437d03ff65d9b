"""Macros that define functions -> the texts that use them, with the functions written out, each on the line of its macro."""

from __future__ import annotations

import re
from collections.abc import Mapping

from cocci_gen.code.texts.conditionals import NameDefinition
from cocci_gen.code.texts.reading import arguments

#: `static int func(struct path *path) { ... }`: one head, one body, nothing behind it.
_FUNCTION = re.compile(r"[\w\s*#]*?[\w#]+ ?\([^{}()]*(?:\([^{}()]*\)[^{}()]*)*\) ?\{.*\} ?;?")
_LONGEST = 3000
#: What may follow in the line of a macro: `WRAP_DIR_ITER(f) // FIXME!`.
_REMARK = rb"(?=[ \t]*(?://[^\n]*|/\*[^\n]*\*/)?[ \t]*$)"

_ALONE = re.compile(rb"(?m)^([A-Z_a-z]\w*)[ \t]*\([^()\n]*\)(?:[ \t]*;)?" + _REMARK)


def made_heads(macros: Mapping[str, NameDefinition]) -> dict[str, NameDefinition]:
    """Those of some macros that stand for a function."""
    return {
        name: one
        for name, one in macros.items()
        if "{" in one.body and len(one.body) < _LONGEST and _FUNCTION.fullmatch(one.body) and not _is_statement(one)
    }


def whole_heads(macros: Mapping[str, NameDefinition]) -> dict[str, NameDefinition]:
    """The same without those that stand for something behind the function, as a table (`DEFINE_SHOW_ATTRIBUTE()`)."""
    return {name: one for name, one in made_heads(macros).items() if _ends_once(one.body)}


def _ends_once(body: str) -> bool:
    """Whether the first brace is closed by the last one."""
    depth = 0
    for place, sign in enumerate(body):
        depth += {"{": 1, "}": -1}.get(sign, 0)
        if sign == "}" and not depth:
            return not body[place + 1 :].strip(" ;")
    return False


def _is_statement(one: NameDefinition) -> bool:
    return re.match(r"(?:do|if|for|while|switch|else)\b", one.body) is not None


def called_alone(text: bytes) -> frozenset[str]:
    """The names that stand at the beginning of a line with nothing behind their brackets, as macros do that make a function."""
    return frozenset(found[1].decode() for found in _ALONE.finditer(text))


def written_out(text: bytes, heads: Mapping[str, NameDefinition]) -> bytes:
    """A text with the functions that macros at the beginning of a line stand for."""
    used = [name for name in heads if name.encode() in text]
    if not used:
        return text
    pattern = re.compile(
        rb"(?m)^(" + b"|".join(name.encode() for name in used) + rb")[ \t]*\(([^()\n]*)\)(?:[ \t]*;)?" + _REMARK
    )

    def function(match: re.Match[bytes]) -> bytes:
        one = heads[match[1].decode()]
        given = arguments(match[2].decode("utf-8", "surrogateescape"))
        if one.parameters is None or len(given) != len(one.parameters):
            return match[0]
        return put_in(one.body, dict(zip(one.parameters, given, strict=True))).encode("utf-8", "surrogateescape")

    return pattern.sub(function, text)


def put_in(body: str, given: Mapping[str, str]) -> str:
    """A body with arguments for parameters, and what `##` joins joined."""
    shown = re.sub(r"\b[A-Za-z_]\w*", lambda found: given.get(found[0], found[0]), body)
    return re.sub(r"\s*##\s*", "", shown)
