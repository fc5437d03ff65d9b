"""The address of a member that went behind functions, given to a function of the code itself -> rules that give that of a local.

`stamp_of(entry, &inode->i_mtime)` has no member to point to any more.  What the function does with its parameter is read from its
text: what it only looks at is got before the call, what it sets as a whole is stored behind it, and what it changes needs both.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from cocci_gen.port.instances import Code, Head, Written, head_of
from cocci_gen.port.parameters import name_of, without_name
from cocci_gen.port.rules import Learned, PortRule


@dataclass(frozen=True, slots=True)
class Held:
    """A member that went: its structure, name and type, the functions that read it and that set it, and what shows that."""

    evolution: str
    struct: str
    member: str
    type: str
    get: str
    set: str
    ground: Learned

    @property
    def local(self) -> str:
        """The name of a local for it: `mtime`."""
        return self.member.rpartition("_")[2]


class Use(StrEnum):
    """What a function does with what a parameter points to."""

    READS = "reads"
    SETS = "sets"
    CHANGES = "changes"
    UNKNOWN = "unknown"


#: A function, the number of its parameter, and how many it has.
Called = tuple[str, int, int]


def address_rules(held: Iterable[Held], code: Code) -> list[PortRule]:
    """The members, and the code at hand -> a rule for each member and each function of the code that may get its address."""
    listed = list(held)
    places = _places(code, {one.type for one in listed})
    rules = []
    for one in listed:
        there = sorted(places.get(one.type, {}).items())
        if there:
            title = f"functions that get &E->{one.member} get the address of a local, as they read or set it"
            words = (frozenset({one.member}), frozenset(name for (name, _, _), _ in there))
            text = _text(one, there)
            rules.append(PortRule(f"{one.evolution}.address", one.evolution, title, text, one.ground, words))
    return rules


def _places(code: Code, types: Iterable[str]) -> Mapping[str, Mapping[Called, Use]]:
    """By type: the functions with a parameter that points to it, and what they do with it."""
    wanted = {f"{kind} *": kind for kind in types} | {f"const {kind} *": kind for kind in types}
    found: dict[str, dict[Called, Use]] = defaultdict(dict)
    for name, ones in code.functions.items():
        head = head_of(ones[0]) if len(ones) == 1 else None
        for number, parameter in enumerate(head.parameters if head is not None else ()):
            kind = wanted.get(without_name(parameter))
            if kind is not None and head is not None:
                use = use_of(ones[0], head, number)
                if use is not Use.UNKNOWN:
                    found[kind][name, number, len(head.parameters)] = use
    return found


def use_of(function: Written, head: Head, number: int) -> Use:
    """What a function does with what one of its parameters points to."""
    parameter = head.parameters[number]
    name = name_of(parameter)
    body = re.sub(r"/\*.*?\*/|//[^\n]*", " ", function.text.decode("utf-8", "replace"), flags=re.DOTALL).partition("{")[
        2
    ]
    uses = [found.start() for found in re.finditer(rf"(?<![\w.>]){name}\b", body)]
    if not name or not uses:
        return Use.UNKNOWN
    whole = list(re.finditer(rf"\*\s*{name}\s*=(?!=)", body))
    parts = list(re.finditer(rf"(?<![\w.>]){name}\s*->\s*\w+\s*([-+*/%&|^]|<<|>>)?=(?!=)", body))
    looked = re.findall(rf"(?<![\w.>]){name}\s*->|\*\s*{name}\b", body)
    if len(looked) != len(uses):
        return Use.UNKNOWN  # handed on, compared, or kept
    if not whole and not parts:
        return Use.READS
    if whole and whole[0].end() > uses[0] >= whole[0].start() and _always(body, whole[0].start()):
        return Use.SETS
    return Use.CHANGES


def _always(body: str, place: int) -> bool:
    """Whether a statement stands in no block and behind no way out of the function."""
    before = body[:place]
    line = before.rpartition("\n")[2]
    above = before[: len(before) - len(line)].rstrip()
    governed = above.endswith((")", "else", "do")) and not above.endswith(";")
    return before.count("{") == before.count("}") and not governed and not re.search(r"\b(?:return|goto)\b", before)


def _text(one: Held, there: Iterable[tuple[Called, Use]]) -> str:
    """The SmPL: the functions that have the name of the local for something else are found first, and left alone."""
    stem, name = f"{one.struct}_{one.member}_address", one.local
    declared = f"{one.type}{'' if one.type.endswith('*') else ' '}{name}"
    has = [f"{stem}_has_{kind}" for kind in ("parameter", "word")]
    ways = list(_ways(one, there))
    lists = "".join(sorted({line for way in ways for line in way.lists}))
    inside = "\n|\n".join("\n".join(way.lines) for way in ways)
    return (
        f"@{has[0]}@\nidentifier fn;\nsymbol {name};\ntype T;\nposition p;\n@@\n fn@p(..., T {name}, ...) {{ ... }}\n\n"
        f"@{has[1]}@\nidentifier fn;\nsymbol {name};\nposition p;\n@@\n fn@p(...) {{ <+... {name} ...+> }}\n\n"
        f"@{stem}@\nidentifier fn;\nstruct {one.struct} *E;\n{lists}symbol {name};\n"
        f"position p != {{{has[0]}.p, {has[1]}.p}};\n@@\n fn@p(...)\n {{\n+ {declared};\n <+...\n(\n{inside}\n)\n ...+>\n }}\n"
    )


@dataclass(frozen=True, slots=True)
class _Way:
    """A call of one function before and after, and the lists of arguments that it names."""

    lists: tuple[str, ...]
    lines: tuple[str, ...]


def _ways(one: Held, there: Iterable[tuple[Called, Use]]) -> Iterator[_Way]:
    for (function, number, count), use in there:
        behind = count - number - 1
        lists = (*([f"expression list[{number}] A{number};\n"] if number else []),
                 *([f"expression list[{behind}] B{behind};\n"] if behind else []))  # fmt: skip
        first, last = (f"A{number}, " if number else ""), (f", B{behind}" if behind else "")
        lines = [f"- {function}({first}&E->{one.member}{last});"]
        lines += [f"+ {one.local} = {one.get}(E);"] if use in (Use.READS, Use.CHANGES) else []
        lines.append(f"+ {function}({first}&{one.local}{last});")
        lines += [f"+ {one.set}(E, {one.local});"] if use in (Use.SETS, Use.CHANGES) else []
        yield _Way(lists, tuple(lines))
