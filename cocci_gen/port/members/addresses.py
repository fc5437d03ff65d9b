"""The address of a member that went behind functions, given to a function of the code itself, or to one of the kernel that only
looks at it -> rules that give that of a local.

`stamp_of(entry, &inode->i_mtime)` has no member to point to any more.  What the function does with its parameter is read from its
text: what it only looks at is got before the call, what it sets as a whole is stored behind it, and what it changes needs both.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from cocci_gen.port.lessons.rules import Learned, PortRule
from cocci_gen.port.members.kernel_readers import kernel_readers
from cocci_gen.port.texts.include_graph import Includes
from cocci_gen.port.texts.instances import Code, Head, Written, head_of
from cocci_gen.port.texts.parameters import name_of, without_name


@dataclass(frozen=True, slots=True)
class Held:
    """A member that went: its structure, name and type, the functions that read it and that set it, and what shows that; the
    members of its type that make all of it (() where that is not known), and what the tree calls a local of it, `""` for
    nothing."""

    evolution: str
    struct: str
    member: str
    type: str
    get: str
    set: str
    ground: Learned
    parts: tuple[str, ...] = ()
    named: str = ""

    @property
    def local(self) -> str:
        """The name of a local for it alone: `mtime`."""
        return self.member.rpartition("_")[2]


class Use(StrEnum):
    """What a function does with what a parameter points to."""

    READS = "reads"
    SETS = "sets"
    CHANGES = "changes"
    UNKNOWN = "unknown"


#: A function, the number of its parameter, and how many it has.
Called = tuple[str, int, int]


def address_rules(held: Iterable[Held], code: Code, headers: Includes | None = None) -> list[PortRule]:
    """The members, the code at hand, and the new headers -> rules for the functions that get addresses of them: members of one
    structure and type share a local, in functions that have its name for something else each has its own, named after its
    structure where that name is taken too."""
    families: dict[tuple[str, str], list[Held]] = defaultdict(list)
    for one in held:
        families[one.struct, one.type].append(one)
    places = _places(code, {ones[0].type: ones[0].parts for ones in families.values()})
    members = {ones[0].type: [one.member for one in ones] for ones in families.values()}
    readers = kernel_readers(members, code, headers) if headers is not None and families else {}
    rules = []
    for ones in families.values():
        reading = dict.fromkeys(readers.get(ones[0].type, ()), Use.READS)
        there = sorted({**reading, **places.get(ones[0].type, {})}.items())
        if there:
            named = [(ones[0].named, ones)] if ones[0].named else []
            own = [(one.local, [one]) for one in ones]
            whole = [(f"{one.struct}_{one.local}", [one]) for one in ones]
            for kind, some in (("addresses", named), ("address", own), ("address.whole", whole)):
                rules += [_rule(kind, local, members, there) for local, members in some]
    return rules


def _rule(kind: str, local: str, held: Sequence[Held], there: Sequence[tuple[Called, Use]]) -> PortRule:
    first = held[0]
    members = " or ".join(f"&E->{one.member}" for one in held)
    title = f"functions that get {members} get the address of a local, as they read or set it"
    words = (frozenset(one.member for one in held), frozenset(name for (name, _, _), _ in there))
    name = f"{first.evolution}.{kind}"
    return PortRule(name, first.evolution, title, _text(local, held, there), first.ground, words)


def _places(code: Code, types: Mapping[str, tuple[str, ...]]) -> Mapping[str, Mapping[Called, Use]]:
    """By type (with its members): the functions with a parameter that points to it, and what they do with it."""
    wanted = {f"{kind} *": kind for kind in types} | {f"const {kind} *": kind for kind in types}
    words = tuple(kind.split()[-1].encode() for kind in types)  # most heads name none of them
    found: dict[str, dict[Called, Use]] = defaultdict(dict)
    for name, ones in code.functions.items():
        named = len(ones) == 1 and any(word in ones[0].text for word in words)
        head = head_of(ones[0]) if named else None
        for number, parameter in enumerate(head.parameters if head is not None else ()):
            kind = wanted.get(without_name(parameter))
            if kind is not None and head is not None:
                use = use_of(ones[0], head, number, types[kind])
                if use is not Use.UNKNOWN:
                    found[kind][name, number, len(head.parameters)] = use
    return found


def use_of(function: Written, head: Head, number: int, members: Collection[str] = ()) -> Use:
    """What a function does with what one of its parameters points to; `members` are all of what that has, where that is known."""
    parameter = head.parameters[number]
    name = name_of(parameter)
    text = function.text.decode("utf-8", "replace")
    body = re.sub(r"/\*.*?\*/|//[^\n]*", " ", text, flags=re.DOTALL).partition("{")[2]
    uses = [found.start() for found in re.finditer(rf"(?<![\w.>]){name}\b", body)]
    if not name or not uses:
        return Use.UNKNOWN
    whole = list(re.finditer(rf"\*\s*{name}\s*=(?!=)", body))
    parts = list(re.finditer(rf"(?<![\w.>]){name}\s*->\s*(\w+)\s*([-+*/%&|^]|<<|>>)?=(?!=)", body))
    looked = re.findall(rf"(?<![\w.>]){name}\s*->|\*\s*{name}\b", body)
    if len(looked) != len(uses):
        return Use.UNKNOWN  # handed on, compared, or kept
    if not whole and not parts:
        return Use.READS
    if whole and whole[0].end() > uses[0] >= whole[0].start() and _always(body, whole[0].start()):
        return Use.SETS
    return Use.SETS if members and _sets_all(body, name, members, parts) else Use.CHANGES


def _sets_all(body: str, name: str, members: Collection[str], stores: Iterable[re.Match[str]]) -> bool:
    """Whether each member is set, on every way, before the body looks at it or at the whole."""
    plain = {found.start(): found[1] for found in stores if not found[2]}
    seen: set[str] = set()
    for found in re.finditer(rf"(?<![\w.>]){name}\b(?:\s*->\s*(\w+))?", body):
        if found[1] in seen:
            continue
        end = body.find(";", found.start())
        itself = len(re.findall(rf"(?<![\w.>]){name}\s*->\s*{found[1]}\b", body[found.start() : end])) > 1
        if found.start() not in plain or itself or not _always(body, found.start()):
            return False
        seen.add(found[1])
    return seen == set(members)


def _always(body: str, place: int) -> bool:
    """Whether a statement stands in no block and behind no way out of the function."""
    before = body[:place]
    line = before.rpartition("\n")[2]
    above = before[: len(before) - len(line)].rstrip()
    governed = above.endswith((")", "else", "do")) and not above.endswith(";")
    return before.count("{") == before.count("}") and not governed and not re.search(r"\b(?:return|goto)\b", before)


def _text(name: str, held: Sequence[Held], there: Iterable[tuple[Called, Use]]) -> str:
    """The SmPL: the functions that have the name of the local for something else are found first, and left alone."""
    struct, kind = held[0].struct, held[0].type
    stem = f"{struct}_{'_'.join(one.member for one in held)}_address"
    declared = f"{kind}{'' if kind.endswith('*') else ' '}{name}"
    has = [f"{stem}_has_{what}" for what in ("parameter", "word", "local")]
    listed = list(there)
    ways = [way for one in held for way in _ways(one, name, listed)]
    free = ", ".join(f"{one}.p" for one in has)
    lists = "".join(sorted({line for way in ways for line in way.lists}))
    inside = "\n|\n".join("\n".join(way.lines) for way in ways)
    return (
        f"@{has[0]}@\nidentifier fn;\nsymbol {name};\ntype T;\nposition p;\n@@\n fn@p(..., T {name}, ...) {{ ... }}\n\n"
        f"@{has[1]}@\nidentifier fn;\nsymbol {name};\nposition p;\n@@\n fn@p(...) {{ <+... {name} ...+> }}\n\n"
        f"@{has[2]}@\nidentifier fn;\nsymbol {name};\ntype T;\nexpression X;\nposition p;\n@@\n"
        f" fn@p(...) {{ <+...\n(\n T {name};\n|\n T {name} = X;\n)\n ...+> }}\n\n"
        f"@{stem}@\nidentifier fn;\nstruct {struct} *E;\n{lists}symbol {name};\n"
        f"position p != {{{free}}};\n@@\n fn@p(...)\n {{\n+ {declared};\n <+...\n(\n{inside}\n)\n ...+>\n }}\n"
    )


@dataclass(frozen=True, slots=True)
class _Way:
    """A call of one function before and after, and the lists of arguments that it names."""

    lists: tuple[str, ...]
    lines: tuple[str, ...]


def _ways(one: Held, local: str, there: Iterable[tuple[Called, Use]]) -> Iterator[_Way]:
    """The calls that are statements, or whose value a variable gets; the value of one that only reads may go anywhere."""
    for (function, number, count), use in there:
        behind = count - number - 1
        lists = (*([f"expression list[{number}] A{number};\n"] if number else []),
                 *([f"expression list[{behind}] B{behind};\n"] if behind else []))  # fmt: skip
        first, last = (f"A{number}, " if number else ""), (f", B{behind}" if behind else "")
        before = [f"+ {local} = {one.get}(E);"] if use in (Use.READS, Use.CHANGES) else []
        after = [f"+ {one.set}(E, {local});"] if use in (Use.SETS, Use.CHANGES) else []
        reading = (
            ("X = ", ("expression X;\n",)),
            ("return ", ()),
            ("X = G(", ("expression X;\n", "identifier G;\n")),
        )
        storing = (("Y = ", ("idexpression Y;\n",)),)
        if use is Use.READS:
            yield from _conditions(one, local, function, (first, last), lists)
        for kept, names in (("", ()), *(reading if use is Use.READS else storing)):
            end = ")" if kept.endswith("(") else ""
            calls = [f"{sign} {kept}{function}({first}{given}{last}){end};"
                     for sign, given in (("-", f"&E->{one.member}"), ("+", f"&{local}"))]  # fmt: skip
            yield _Way((*lists, *names), (calls[0], *before, calls[1], *after))


def _conditions(
    one: Held, local: str, function: str, around: tuple[str, str], lists: tuple[str, ...]
) -> Iterator[_Way]:
    """The conditions that ask nothing but what a function says that only reads: it is got right before."""
    forms = (("", "", ()), ("!", "", ()), ("", " OP C", ("binary operator OP;\n", "constant C;\n")))
    for before, after, more in forms:
        lines = (
            f"+ {local} = {one.get}(E);",
            f" if ({before}{function}({around[0]}",
            f"- &E->{one.member}",
            f"+ &{local}",
            f" {around[1]}){after}) S1 else S2",
        )
        yield _Way((*lists, *more, "statement S1, S2;\n"), lines)
