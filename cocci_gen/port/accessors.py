"""Members that went behind functions, and what the tree shows of them -> rules for all of them, whatever is stored or read.

`inode->i_mtime` became inode_get_mtime(), inode_set_mtime(), inode_set_mtime_to_ts() and two more.  The tree shows some of these
for some of the members; the others are declared beside them, with the same types and the same words in their names.  What a
function of these does is told by its declaration: one that takes the structure and gives the member's type reads it, one that
takes both sets it, one that takes the structure and the parts of the member sets it by parts.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cocci_gen.document.declarations import type_of
from cocci_gen.port.declared import Declared, Function, read_headers
from cocci_gen.port.evolutions import Evolution, MemberGone, name_of_change
from cocci_gen.port.parameters import name_of, without_name
from cocci_gen.port.rules import Learned, PortRule
from cocci_gen.port.support import LearnedRule
from cocci_gen.port.terms import Term, names_in, subterms
from cocci_gen.port.trees import Sources

#: A header by path -> what it declares in the new kernel.
Declarations = Callable[[str], Declared]


@dataclass(frozen=True, slots=True)
class Accessors:
    """The functions for one member: to read it, to set it, to set it by its parts, and to read one part ("" for none); the parts
    in the order in which they are set."""

    gone: MemberGone
    get: str = ""
    set: str = ""
    set_parts: str = ""
    parts: tuple[str, ...] = ()
    get_part: Mapping[str, str] = field(default_factory=dict)

    @property
    def functions(self) -> frozenset[str]:
        """All of them."""
        return frozenset(one for one in (self.get, self.set, self.set_parts, *self.get_part.values()) if one)


def declarations_of(new: Sources) -> Declarations:
    """The new kernel -> what a header of it declares, read when first asked for."""
    known: dict[str, Declared] = {}

    def declared(path: str) -> Declared:
        if path not in known:
            known[path] = read_headers(new.texts([path] if path in new.oids else []))
        return known[path]

    return declared


def accessor_rules(
    evolutions: Iterable[Evolution], learned: Sequence[LearnedRule], declarations: Declarations
) -> list[PortRule]:
    """What changed, the rules that the tree agrees on, and the new headers -> the rules for the members of which some rule shows
    that they went behind functions, and for those of the same structure and type."""
    families: dict[tuple[str, str], list[MemberGone]] = defaultdict(list)
    for one in evolutions:
        if isinstance(one, MemberGone):
            families[one.old.struct, one.old.type].append(one)
    shown = _shown(learned)
    rules: list[PortRule] = []
    for members in families.values():
        if any(name_of_change(one) in shown for one in members):
            parts = _parts(members, learned)
            found = [_accessors(one, declarations(one.old.path), parts) for one in members]
            rules += _family_rules(found, shown)
    return rules


def _shown(learned: Sequence[LearnedRule]) -> dict[str, list[tuple[frozenset[str], Learned]]]:
    """The members that rules name -> the functions that stand for them, and how sure that is."""
    found: dict[str, list[tuple[frozenset[str], Learned]]] = defaultdict(list)
    for rule in learned:
        calls = frozenset(_called(rule.template.right))
        for name in dict.fromkeys(names_in(rule.template.left)):
            if "." in name:
                found[name].append((calls, rule.ground))
    return found


def _called(term: Term) -> Iterator[str]:
    for part in subterms(term):
        if part[0] == "call_expression" and isinstance(part[1], tuple) and part[1][0] == "identifier":
            yield part[1][1]


def _parts(members: Iterable[MemberGone], learned: Iterable[LearnedRule]) -> frozenset[str]:
    """The members of the members that rules name: `tv_sec` of `E0->i_mtime.tv_sec`."""
    words = {one.old.name for one in members}
    return frozenset(
        part[3][1]
        for rule in learned
        for part in subterms(rule.template.left)
        if part[0] == "field_expression"
        and isinstance(part[1], tuple)
        and part[1][0] == "field_expression"
        and part[1][3][1] in words
    )


def _accessors(gone: MemberGone, declared: Declared, parts: frozenset[str]) -> Accessors:
    """The functions beside a structure that can only be for this member: its word is in their names, its type in their types."""
    kind, word = type_of(f"{gone.old.type} "), gone.old.name.rpartition("_")[2]
    roles: dict[str, list[str]] = defaultdict(list)
    order: tuple[str, ...] = ()
    for ones in declared.functions.values():
        one = ones[0]
        if word not in one.name.split("_") or not one.parameters or not _takes(one, gone.old.struct):
            continue
        rest = one.parameters[1:]
        named = tuple(next((part for part in parts if part.endswith(f"_{name_of(given)}")), "") for given in rest)
        if not rest and type_of(f"{one.returns} ") == kind:
            roles["get"].append(one.name)
        elif not rest:
            for part in parts:
                if one.name.endswith(part[part.find("_") :]):
                    roles[part].append(one.name)
        elif len(rest) == 1 and type_of(rest[0]) == kind:
            roles["set"].append(one.name)
        elif len(rest) > 1 and all(named) and set(named) == parts:
            roles["set_parts"].append(one.name)
            order = named
    if len(roles["get"]) > 1:  # one that also changes something does not take a constant
        roles["get"] = [name for name in roles["get"] if "const " in declared.functions[name][0].parameters[0]]
    only = {role: ones[0] for role, ones in roles.items() if len(ones) == 1}
    get_part = {part: only[part] for part in parts if part in only}
    return Accessors(gone, only.get("get", ""), only.get("set", ""), only.get("set_parts", ""), order, get_part)


def _takes(one: Function, struct: str) -> bool:
    return re.fullmatch(rf"(?:const )?struct {struct} \*", without_name(one.parameters[0])) is not None


def _family_rules(
    found: Sequence[Accessors], shown: Mapping[str, Sequence[tuple[frozenset[str], Learned]]]
) -> Iterator[PortRule]:
    """The rules for the members of one family; a way to use them that no rule shows for any of the members is none."""
    grounds: dict[str, Learned] = {}
    for one in found:
        for calls, ground in shown.get(name_of_change(one.gone), ()):
            for role, functions in _roles(one).items():
                if calls & functions and (role not in grounds or grounds[role].shown < ground.shown):
                    grounds[role] = ground
    for one in found:
        for number, (role, title, text) in enumerate(_rules(one)):
            if role in grounds:
                words = (frozenset({one.gone.old.name}),)
                name = f"{one.gone.id}.by_function.{number:02d}"
                yield PortRule(name, one.gone.id, title, text, grounds[role], words)


def _roles(one: Accessors) -> dict[str, frozenset[str]]:
    return {
        "get": frozenset({one.get} - {""}),
        "set": frozenset({one.set} - {""}),
        "parts": frozenset({one.set_parts} - {""}),
        "part": frozenset(one.get_part.values()),
    }


def _rules(one: Accessors) -> Iterator[tuple[str, str, str]]:
    """Role, title and SmPL of each rule, in the order in which they have to run."""
    member, tag = one.gone.old.name, one.gone.old.struct
    stem = f"{tag}_{member}"
    base = f"struct {tag} *E;\n"
    if one.set_parts and len(one.parts) == 2:
        yield from _by_parts(one, stem, base)
    if one.set:
        yield (
            "set", f"E->{member} = X becomes {one.set}(E, X)",
            f"@{stem}_set@\n{base}expression X;\n@@\n- E->{member} = X\n+ {one.set}(E, X)\n",
        )  # fmt: skip
    for part, getter in sorted(one.get_part.items()):
        text = _reading(f"{stem}_{part}", base, f"E->{member}.{part}", f"{getter}(E)")
        yield "part", f"E->{member}.{part} becomes {getter}(E)", text
    if one.get:
        yield "get", f"E->{member} becomes {one.get}(E)", _reading(stem, base, f"E->{member}", f"{one.get}(E)")


def _by_parts(one: Accessors, stem: str, base: str) -> Iterator[tuple[str, str, str]]:
    """Both parts set in one block, and one of them alone, which keeps the other."""
    member = one.gone.old.name
    first, second = (f"E->{member}.{part}" for part in one.parts)
    values = "expression V;\nexpression W;\n"
    both = f"{one.set_parts}(E, V, W);"
    chain = f"@{stem}_chain_{{}}@\n{base}expression L{{}};\nconstant C;\n@@\n"
    split = "".join(
        f"{chain.format(f'{number}{side}', ', K' if 'K' in old else '')}- {old}\n+ {target} = C;\n+ {rest}\n\n"
        for number, target in enumerate((first, second))
        for side, (old, rest) in enumerate(_chains(target))
    )
    title = f"{first} = V and {second} = W become {one.set_parts}(E, V, W)"
    yield "parts", f"{title}, taken out of a chain", split
    pairs = ((first, "V", second, "W"), (second, "W", first, "V"))
    together = "".join(
        f"@{stem}_pair_{number}@\n{base}{values}@@\n- {a} = {x};\n- {b} = {y};\n+ {both}\n\n"
        for number, (a, x, b, y) in enumerate(pairs)
    )
    # A constant may be stored earlier than it was, where nobody looks in between.
    together += "".join(
        f"@{stem}_apart_{number}@\n{base}expression {x};\nconstant {y};\n@@\n- {a} = {x};\n+ {both}\n  ... when != E->{member}\n"
        f"      when != E = ...\n- {b} = {y};\n\n"
        for number, (a, x, b, y) in enumerate(pairs)
    )
    yield "parts", title, together
    if all(part in one.get_part for part in one.parts):
        kept = [f"{one.get_part[part]}(E)" for part in one.parts]
        alone = (
            f"@{stem}_first@\n{base}expression V;\n@@\n- {first} = V;\n+ {one.set_parts}(E, V, {kept[1]});\n\n"
            f"@{stem}_second@\n{base}expression W;\n@@\n- {second} = W;\n+ {one.set_parts}(E, {kept[0]}, W);\n"
        )
        yield "parts", f"{first} = V becomes {one.set_parts}(E, V, {kept[1]}), the other part kept", alone


def _chains(target: str) -> Iterator[tuple[str, str]]:
    """The chains of two and three stores of a constant in which a target may stand, and what is left of each."""
    for links in (("L",), ("L", "K")):
        for place in range(len(links) + 1):
            whole = " = ".join((*links[:place], target, *links[place:], "C"))
            yield f"{whole};", f"{' = '.join((*links, 'C'))};"


def _reading(stem: str, base: str, left: str, right: str) -> str:
    """A rule for what is read: a first rule finds the places that are stored to, which the second one leaves alone."""
    guard = (
        f"@{stem}_stored@\n{base}expression X;\nidentifier M;\nassignment operator aop;\nposition p;\n@@\n(\n"
        f" {left}@p aop X\n|\n {left}@p.M aop X\n|\n &{left}@p\n|\n &{left}@p.M\n|\n {left}@p++\n|\n {left}@p--\n)\n\n"
    )
    return f"{guard}@{stem}_read@\n{base}position p != {stem}_stored.p;\n@@\n- {left}@p\n+ {right}\n"
