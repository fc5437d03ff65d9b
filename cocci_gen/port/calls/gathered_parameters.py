"""Functions that take a structure where they took its parts -> rules that make it of them: `lookup_one(map, name, dir, len)` is
`lookup_one(map, &QSTR_LEN(name, len), dir)`.

Who gathers parameters says so in a header: a macro that is a structure of this type, and gives each of its own parameters to one
member.  Which parameter of the function goes where is told by its name, or by being the only pointer among them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cocci_gen.port.changes.declared import Function
from cocci_gen.port.changes.evolutions import Evolution, FunctionChanged, plain_type
from cocci_gen.port.lessons.rules import Declarations, PortRule
from cocci_gen.port.texts.parameters import meant, name_of, without_name
from cocci_gen.port.texts.trees import Sources

_MACRO = re.compile(rb"^[ \t]*#[ \t]*define[ \t]+(\w+)\(([\w, \t]*)\)[ \t]*((?:[^\\\n]|\\[\s\S])*)$", re.MULTILINE)
_WHOLE = re.compile(r"\(struct (\w+)\)\s*(?:(\w+)\(([\w\s,]*)\)|(\{.*\}))\s*", re.DOTALL)
_MEMBER = r"\.(\w+)\s*=\s*{name}\b(?!\s*[(.\[]|->)"
_STRUCT = re.compile(r"(?:const )?struct (\w+) \*")
#: Fewer are no structure.
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class Maker:
    """A macro that is a structure: its name, the tag, and the members to which its parameters go, in their order; `short` is one
    that finds the last of them by `measure` (`QSTR(n)`: `QSTR_LEN(n, strlen(n))`)."""

    name: str
    tag: str
    members: tuple[str, ...]
    short: str = ""
    measure: str = ""


def gathered_rules(evolutions: Iterable[Evolution], new: Sources) -> Iterator[PortRule]:
    """What changed, and the new kernel -> a rule for each function of which the headers tell how its structure is made."""
    found = [(one, pair) for one in evolutions if isinstance(one, FunctionChanged) and (pair := _gathered(one))]
    if not found:
        return
    texts = dict(new.texts(new.below(["include/linux"], (".h",))))
    for one, (tag, parts, place) in found:
        makers = [maker for maker in _makers(texts.values(), tag) if len(maker.members) == len(parts)]
        given = _order(makers[0], one.old, parts, texts.values()) if len(makers) == 1 else ()
        if given:
            words = (frozenset({one.old.name}),)
            other = f" is {one.new.name}() by now, which" if one.new.name != one.old.name else ""
            title = f"{one.old.name}(){other} takes a struct {tag} that {makers[0].name}() makes of what it took"
            text = _text(one, makers[0], given, place)
            yield PortRule(f"{one.id}.gathered", one.id, title, text, Declarations(), words)


def _gathered(change: FunctionChanged) -> tuple[str, tuple[int, ...], int] | None:
    """The tag of the structure that came, the old parameters that have no place any more, and the number of the new one."""
    old, new = change.old.parameters, change.new.parameters
    kinds = [[meant(one) for one in side] for side in (old, new)]
    if any("..." in one for one in (*old, *new)) or plain_type(change.old.returns) != plain_type(change.new.returns):
        return None
    left = Counter(kinds[0]) - Counter(kinds[1])
    come = Counter(kinds[1]) - Counter(kinds[0])
    steady = [kind for kind in kinds[1] if not come[kind]]
    if come.total() != 1 or left.total() < _FEWEST or [kind for kind in kinds[0] if not left[kind]] != steady:
        return None
    if len(set(steady)) != len(steady) or any(left[kind] != kinds[0].count(kind) for kind in left):
        return None
    place = next(number for number, kind in enumerate(kinds[1]) if come[kind])
    struct = _STRUCT.fullmatch(without_name(new[place]))
    parts = tuple(number for number, kind in enumerate(kinds[0]) if left[kind])
    return (struct[1], parts, place) if struct else None


def _makers(texts: Iterable[bytes], tag: str) -> list[Maker]:
    """The macros of some headers that are such a structure."""
    every: dict[str, tuple[list[str], str]] = {}
    for text in texts:
        if b"(struct %s)" % tag.encode() in text:
            for name, taken, body in _MACRO.findall(text):
                every[name.decode()] = (
                    [one.strip() for one in taken.decode().split(",")],
                    body.decode("utf-8", "replace"),
                )
    found = []
    for name, (taken, body) in every.items():
        whole = _WHOLE.fullmatch(body)
        if whole is None or whole[1] != tag:
            continue
        inner, literal = every.get(whole[2] or ""), whole[4] or ""
        if inner is not None and [one.strip() for one in whole[3].split(",")] == taken and inner[0] == taken:
            literal = inner[1]
        members = [re.findall(_MEMBER.format(name=one), literal) for one in taken]
        once = all(len(re.findall(rf"(?<![.\w]){one}\b", literal)) == 1 for one in taken)
        if once and all(len(ones) == 1 for ones in members):
            found.append(_with_short(Maker(name, tag, tuple(ones[0] for ones in members)), every))
    return found


def _with_short(maker: Maker, every: dict[str, tuple[list[str], str]]) -> Maker:
    """The same, with the one macro that measures the last part by itself."""
    shorts = []
    for name, (taken, body) in every.items():
        match = re.fullmatch(rf"{maker.name}\((\w+), (\w+)\(\1\)\)\s*", body)
        if match and taken == [match[1]] and len(maker.members) == _FEWEST:
            shorts.append((name, match[2]))
    return Maker(maker.name, maker.tag, maker.members, *shorts[0]) if len(shorts) == 1 else maker


def _order(maker: Maker, old: Function, parts: Sequence[int], texts: Iterable[bytes]) -> tuple[int, ...]:
    """For each parameter of the macro the number of the function's; () where neither names nor types tell."""
    names = {name_of(old.parameters[number]): number for number in parts}
    if all(member in names for member in maker.members):
        return tuple(names[member] for member in maker.members)
    pointers = [number for number in parts if without_name(old.parameters[number]).endswith("*")]
    numbers = [number for number in parts if number not in pointers]
    to = [member for member in maker.members if _is_pointer(member, maker.tag, texts)]
    if len(parts) == _FEWEST and len(pointers) == len(numbers) == len(to) == 1 and "" in names:
        return tuple(pointers[0] if member == to[0] else numbers[0] for member in maker.members)
    return ()


def _is_pointer(member: str, tag: str, texts: Iterable[bytes]) -> bool:
    """Whether a member of a structure is declared as a pointer."""
    body = re.compile(rb"^struct %s \{(.*?)^\}" % tag.encode(), re.MULTILINE | re.DOTALL)
    declared = re.compile(rb"\*\s*%s\s*;" % member.encode())
    return any(declared.search(found) for text in texts for found in body.findall(text))


def _text(change: FunctionChanged, maker: Maker, given: Sequence[int], place: int) -> str:
    """The SmPL: first for calls that measure what they give, then for all others."""
    count, name = len(change.old.parameters), change.old.name
    kept = [f"A{number}" for number in range(count) if number not in given]
    declared = "".join(f"expression A{number};\n" for number in range(count))
    old = [f"A{number}" for number in range(count)]

    def rule(title: str, left: Sequence[str], made: str, more: str = "") -> str:
        new = [*kept[:place], made, *kept[place:]]
        return f"@{title}@\n{more or declared}@@\n- {name}({', '.join(left)})\n+ {change.new.name}({', '.join(new)})\n"

    whole = rule(f"gathered_{name}", old, f"&{maker.name}({', '.join(old[number] for number in given)})")
    if not maker.short:
        return whole
    first, last = given
    measured = [f"{maker.measure}({old[first]})" if number == last else one for number, one in enumerate(old)]
    fewer = "".join(f"expression A{number};\n" for number in range(count) if number != last)
    return rule(f"measured_{name}", measured, f"&{maker.short}({old[first]})", fewer) + "\n" + whole
