"""EndedArrays and code at hand -> rules that take the empty element from the end of an array, and the arrays that are told.

An array goes on to what counts its elements, and nothing else of the code may look for its end: a loop of the code's own, or
`ARRAY_SIZE(table) - 1`, would read beyond it or leave one out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from cocci_gen.port.lessons.rules import PortRule
from cocci_gen.port.remains.leftovers import Leftover
from cocci_gen.port.tables.ended_arrays import EndedArrays
from cocci_gen.port.texts.instances import Code
from cocci_gen.port.texts.plain_text import plain
from cocci_gen.port.texts.struct_arrays import StructArray, struct_arrays

_ARGUMENT = r"(?:[^(),;]|\((?:[^()]|\([^()]*\))*\))*"


def ended_array_rules(
    ended: Iterable[EndedArrays], code: Code, met: Collection[str], carried: Collection[tuple[str, str]] = ()
) -> tuple[list[PortRule], list[Leftover]]:
    """What the tree shows, the code, the evolutions that it meets, and arrays (file and name) that another rule carries over ->
    the rules, and the arrays that a person has to look at."""
    rules: list[PortRule] = []
    left: list[Leftover] = []
    for one in ended:
        for path, text in code.texts.items():
            for array in struct_arrays(text, one.struct):
                if not array.ends_empty or (path, array.name) in carried:
                    continue
                texts = [text] if array.static else list(code.texts.values())
                names = set(_handed_to(one, array, texts))
                gone = [gone.id for gone in one.gone if gone.old.name in names and gone.id in met]
                if not gone:
                    continue
                if _used_otherwise(one, array, texts):
                    reason = (
                        f"{array.name} ends with an empty element, which {gone[0]} takes for one more by now; the code uses "
                        f"{array.name} otherwise as well"
                    )
                    line = text.count(b"\n", 0, array.start) + 1
                    left.append(Leftover(path, line, gone[0], reason, one.ground.examples[:3]))
                else:
                    rules.append(_rule(one, array, gone[0], path))
    return rules, left


def ended_text(struct: str, array: StructArray, depends: str = "") -> str:
    """The SmPL that takes the empty element from the end of an array.  To SmPL, `{}` is each element that names its members,
    so the others are counted."""
    inside = "".join(array.elements[-1].text.split())
    others = f"initializer list[{len(array.elements) - 1}] IL;\n"
    head = f"@ended_{array.name}{depends}@\nidentifier table = {{{array.name}}};\n{others}@@\n"
    return f"{head} struct {struct} table[] = {{ IL,\n- {inside},\n }};\n"


def _rule(one: EndedArrays, array: StructArray, gone: str, path: str) -> PortRule:
    title = f"the empty element at the end of {array.name} goes: {gone} counts the elements by now"
    words = (frozenset({array.name}), frozenset({one.struct}))
    return PortRule(
        f"{gone}.ended.{array.name}", gone, title, ended_text(one.struct, array), one.ground, words, frozenset({path})
    )


def _calls(one: EndedArrays, array: StructArray) -> Iterator[tuple[str, re.Pattern[bytes]]]:
    """How an array is handed to each of the macros that count it."""
    for name, place in one.counting.items():
        before = rf"{_ARGUMENT}," * place
        yield name, re.compile(rf"\b{name}\s*\({before}\s*{array.name}\s*[,)]".encode())


def _handed_to(one: EndedArrays, array: StructArray, texts: Iterable[bytes]) -> Iterator[str]:
    for text in texts:
        code = plain(text).code
        if array.name.encode() in code:
            yield from (name for name, call in _calls(one, array) if call.search(code))


def _used_otherwise(one: EndedArrays, array: StructArray, texts: Iterable[bytes]) -> bool:
    """Whether an array is named other than where it is defined or declared, handed to what counts it, or an element reached by
    its number."""
    word = re.compile(rb"\b" + array.name.encode() + rb"\b")
    known = re.compile(
        rf"\bstruct\s+{one.struct}\s+{array.name}\s*\[|(?<![&\w])\b{array.name}\s*\[\s*(?:\d+|[A-Z_]+)\s*\]\s*\.".encode()
    )
    for text in texts:
        code = plain(text).code
        for _, call in _calls(one, array):
            code = call.sub(b" ", code)
        if word.search(known.sub(b" ", code)):
            return True
    return False
