"""The header files of a kernel -> Made, the functions that their macros make of a name: `PAGEFLAG(Error, error, PF_NO_TAIL)`
defines SetPageError(), which no text of the kernel says.

Macros that paste names (`SetPage##uname`) are expanded where a line of any header that was read uses them; those that come to
more than definitions of functions are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from cocci_gen.document.declarations import split_parameters
from cocci_gen.port.texts.plain_text import blank_comments

_MACRO = re.compile(rb"^[ \t]*#[ \t]*define[ \t]+(\w+)\(([\w, \t]*)\)[ \t]*((?:[^\n\\]|\\\n|\\.)*)$", re.MULTILINE)
_USE = re.compile(r"\b([A-Za-z_]\w*)\(([^()]*)\)")
#: A line that is nothing but uses of macros.
_LINE = re.compile(r"^[ \t]*((?:[A-Za-z_]\w*\([^(){};]*\)[ \t]*)+);?[ \t]*$", re.MULTILINE)
#: Macros use macros that use macros, and no more.
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Made:
    """What one line of a header defines, as C."""

    path: str
    line: int
    text: str


@dataclass(frozen=True, slots=True)
class _Macro:
    parameters: tuple[str, ...]
    body: str


def made_functions(headers: Iterable[tuple[str, bytes]]) -> Iterator[Made]:
    """(path, text) of header files -> the functions that each line makes by macros, in order."""
    listed = list(headers)
    macros = {name: one for _, text in listed if b"##" in text for name, one in _macros(blank_comments(text))}
    pasting = {name for name in macros if _pastes(name, macros, _DEEPEST)}
    if not pasting:
        return
    named = re.compile(rb"\b(?:" + b"|".join(sorted(name.encode() for name in pasting)) + rb")\(")
    for path, text in ((path, blank_comments(text)) for path, text in listed if named.search(text)):
        plain = _MACRO.sub(_blanked, text).decode("utf-8", "replace")
        for found in _LINE.finditer(plain):
            uses = _USE.findall(found[1])
            if uses and all(name in pasting for name, _ in uses):
                made = _expanded(found[1], macros, _DEEPEST)
                if "{" in made and "##" not in made:
                    yield Made(path, plain.count("\n", 0, found.start(1)) + 1, made)


def _macros(text: bytes) -> Iterator[tuple[str, _Macro]]:
    for name, parameters, body in _MACRO.findall(text):
        plain = body.replace(b"\\\n", b"\n").decode("utf-8", "replace")
        if b"#" in body.replace(b"##", b"") or body.strip()[:2] == b"do":
            continue  # what makes strings, or is a statement
        yield name.decode(), _Macro(tuple(one.strip() for one in parameters.decode().split(",") if one.strip()), plain)


def _pastes(name: str, macros: Mapping[str, _Macro], depth: int) -> bool:
    """Whether a macro makes definitions with pasted names, by itself or by way of others."""
    body = macros[name].body
    if "##" in body:
        return re.search(r"\b(?:static|inline|__always_inline)\b", body) is not None
    return depth > 0 and any(
        one in macros and one != name and _pastes(one, macros, depth - 1) for one, _ in _USE.findall(body)
    )


def _expanded(text: str, macros: Mapping[str, _Macro], depth: int) -> str:
    """A text with the macros in it carried out, names pasted."""

    def use(found: re.Match[str]) -> str:
        macro = macros.get(found[1])
        given = split_parameters(found[2])
        if macro is None or len(given) != len(macro.parameters):
            return found[0]
        names = dict(zip(macro.parameters, given, strict=True))
        body = re.sub(r"\b[A-Za-z_]\w*\b", lambda word: names.get(word[0], word[0]), macro.body)
        return re.sub(r"[ \t]*##[ \t]*", "", body)

    for _ in range(depth):
        text = _USE.sub(use, text)
    return text


def _blanked(match: re.Match[bytes]) -> bytes:
    return re.sub(rb"[^\n]", b" ", match.group())
