"""Code -> the names that it only gives to its own macros, which paste them into others: `#define OP(x) MUTEX_##x`, `OP(RELEASE)`.

Such a name is nobody's constant: what became of the kernel's RELEASE says nothing about it, and MUTEX_RELEASE_6 is not there.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator

from cocci_gen.document.declarations import split_parameters
from cocci_gen.port.texts.plain_text import plain

_DEFINE = re.compile(r"(?m)^[ \t]*#[ \t]*define[ \t]+(\w+)\(([^)\n]*)\)((?:[^\n\\]|\\[\s\S])*)")


def pasted_names_of(texts: Collection[bytes]) -> frozenset[str]:
    """The names that stand nowhere but as an argument that a macro of the texts pastes and does not use otherwise."""
    if not any(b"##" in text for text in texts):
        return frozenset()
    codes = [plain(text).code.decode("latin-1") for text in texts]
    pasting: dict[str, list[frozenset[int]]] = {}
    for code in codes:
        for name, listed, body in _DEFINE.findall(code) if "##" in code else ():
            pasting.setdefault(name, []).append(frozenset(_pasted(split_parameters(listed), body)))
    # Where conditions define a macro more than once, what all of them paste counts.
    places = {name: frozenset.intersection(*ones) for name, ones in pasting.items()}
    given = Counter(name for code in codes for name in _given(code, {one: at for one, at in places.items() if at}))
    if not given:
        return frozenset()
    every = Counter(word for code in codes for word in re.findall(r"[A-Za-z_]\w*", code) if word in given)
    return frozenset(name for name, count in given.items() if every[name] == count)


def _pasted(parameters: Collection[str], body: str) -> Iterator[int]:
    """The parameters that stand beside ## wherever they stand."""
    for number, name in enumerate(parameters):
        uses = len(re.findall(rf"\b{re.escape(name)}\b", body))
        pasted = len(re.findall(rf"##\s*{re.escape(name)}\b|\b{re.escape(name)}\s*##", body))
        if uses and uses == pasted:
            yield number


def _given(code: str, places: dict[str, frozenset[int]]) -> Iterator[str]:
    """The names at those places of the calls."""
    for name, numbers in places.items():
        for call in re.finditer(rf"(?<!define )\b{name}[ \t]*\(((?:[^()]|\([^()]*\))*)\)", code):
            arguments = split_parameters(call[1])
            found = (arguments[number].strip() for number in numbers if number < len(arguments))
            yield from (one for one in found if re.fullmatch(r"[A-Za-z_]\w*", one))
