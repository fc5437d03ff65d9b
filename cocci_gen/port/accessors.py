"""Members that went behind functions, and what the tree shows of them -> rules for all of them, whatever is stored or read.

`inode->i_mtime` became inode_get_mtime(), inode_set_mtime(), inode_set_mtime_to_ts() and two more.  The tree shows some of these
for some of the members; the others are declared beside them, with the same types and the same words in their names.  What a
function of these does is told by its declaration: one that takes the structure and gives the member's type reads it, one that
takes both sets it, one that takes the structure and the parts of the member sets it by parts.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from cocci_gen.document.declarations import type_of
from cocci_gen.port.addresses import Held
from cocci_gen.port.declared import Declared, Function, read_headers
from cocci_gen.port.evolutions import Evolution, MemberGone, name_of_change, plain_type
from cocci_gen.port.generalise import Function as Example
from cocci_gen.port.parameters import name_of, without_name
from cocci_gen.port.rules import Learned, PortRule
from cocci_gen.port.support import FEWEST_FUNCTIONS, FEWEST_GROUPS, SHARE, LearnedRule
from cocci_gen.port.terms import Parts, Term, names_in, subterms
from cocci_gen.port.trees import Sources

#: A header by path -> what it declares in the new kernel.
Declarations = Callable[[str], Declared]


@dataclass(frozen=True, slots=True)
class Accessors:
    """The functions for one member: to read it, to set it, to set it by its parts, and to read one part ("" for none); the parts
    in the order in which they are set, and whether those that set it give it back."""

    gone: MemberGone
    get: str = ""
    set: str = ""
    set_parts: str = ""
    parts: tuple[str, ...] = ()
    get_part: Mapping[str, str] = field(default_factory=dict)
    gives_back: bool = False

    @property
    def stem(self) -> str:
        """The beginning of the names of its rules."""
        return f"{self.gone.old.struct}_{self.gone.old.name}"

    @property
    def base(self) -> str:
        """The metavariable whose member it is."""
        return f"struct {self.gone.old.struct} *E;\n"


@dataclass(frozen=True, slots=True)
class Beside:
    """The number that the tree gives for a part of which a function says nothing, and on what that rests."""

    value: str
    ground: Learned


def declarations_of(new: Sources) -> Declarations:
    """The new kernel -> what a header of it declares, read when first asked for."""
    known: dict[str, Declared] = {}

    def declared(path: str) -> Declared:
        if path not in known:
            known[path] = read_headers(new.texts([path] if path in new.oids else []))
        return known[path]

    return declared


def accessor_rules(
    evolutions: Iterable[Evolution],
    learned: Sequence[LearnedRule],
    declarations: Declarations,
    examples: Sequence[tuple[Example, Parts]] = (),
) -> list[PortRule]:
    """What changed, the rules that the tree agrees on, the new headers and the functions that name parts of members -> the rules
    for the members of which some rule shows that they went behind functions, and for those of the same structure and type."""
    rules: list[PortRule] = []
    for found, shown in families(evolutions, learned, declarations):
        rules += _family_rules(found, shown, constants_beside(found, examples))
    return rules


def chain_rules(
    evolutions: Iterable[Evolution], learned: Sequence[LearnedRule], declarations: Declarations
) -> list[PortRule]:
    """The same -> the rules for parts that are set in chains, or taken from another member, which come before what the tree shows
    of single stores and reads: there, a chain would be the value of its first store."""
    rules: list[PortRule] = []
    for found, shown in families(evolutions, learned, declarations):
        grounds = grounds_of(found, shown)
        rules += [*_phase_rules(_chained, found, grounds), *_phase_rules(_copied, found, grounds)]
    return rules


def held_members(
    evolutions: Iterable[Evolution],
    learned: Sequence[LearnedRule],
    declarations: Declarations,
    local_of: Callable[[str], str],
) -> tuple[Held, ...]:
    """The same, and what the tree calls a local of a type -> the members of which it shows how they are read and set."""
    held = []
    for found, shown in families(evolutions, learned, declarations):
        grounds = grounds_of(found, shown)
        for one in found:
            if one.get and one.set and "set" in grounds:
                old = one.gone.old
                names = (one.gone.id, old.struct, old.name, old.type, one.get, one.set)
                held.append(Held(*names, grounds["set"], one.parts, local_of(old.type)))
    return tuple(held)


#: Members by name, with the functions that stand for them, and how sure that is.
_Shown = Mapping[str, Sequence[tuple[frozenset[str], Learned]]]


def families(
    evolutions: Iterable[Evolution], learned: Sequence[LearnedRule], declarations: Declarations
) -> Iterator[tuple[list[Accessors], _Shown]]:
    """The members of one structure and type of which some rule shows that they went behind functions."""
    families: dict[tuple[str, str], list[MemberGone]] = defaultdict(list)
    for one in evolutions:
        if isinstance(one, MemberGone):
            families[one.old.struct, one.old.type].append(one)
    shown = _shown(learned)
    for members in families.values():
        if any(name_of_change(one) in shown for one in members):
            parts = _parts(members, learned)
            yield [_accessors(one, declarations(one.old.path), parts) for one in members], shown


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
    kind, word = plain_type(gone.old.type), gone.old.name.rpartition("_")[2]
    roles: dict[str, list[str]] = defaultdict(list)
    order: tuple[str, ...] = ()
    for ones in declared.functions.values():
        one = ones[0]
        if word not in one.name.split("_") or not one.parameters or not _takes(one, gone.old.struct):
            continue
        rest = one.parameters[1:]
        named = tuple(next((part for part in parts if part.endswith(f"_{name_of(given)}")), "") for given in rest)
        if not rest and plain_type(one.returns) == kind:
            roles["get"].append(one.name)
        elif not rest:
            for part in parts:
                if one.name.endswith(part[part.find("_") :]):
                    roles[part].append(one.name)
        elif len(rest) == 1 and type_of(rest[0]) == kind:
            roles["set"].append(one.name)
        elif len(rest) == 2 and all(named) and set(named) == parts:
            roles["set_parts"].append(one.name)
            order = named
    if len(roles["get"]) > 1:  # one that also changes something does not take a constant
        roles["get"] = [name for name in roles["get"] if "const " in declared.functions[name][0].parameters[0]]
    only = {role: ones[0] for role, ones in roles.items() if len(ones) == 1}
    get_part = {part: only[part] for part in sorted(parts) if part in only}
    setters = [declared.functions[only[role]][0] for role in ("set", "set_parts") if role in only]
    back = len(setters) > 1 and all(plain_type(one.returns) == kind for one in setters)
    get, set_, set_parts = (only.get(role, "") for role in ("get", "set", "set_parts"))
    return Accessors(gone, get, set_, set_parts, order, get_part, back)


def _takes(one: Function, struct: str) -> bool:
    return re.fullmatch(rf"(?:const )?struct {struct} \*", without_name(one.parameters[0])) is not None


def _family_rules(
    found: Sequence[Accessors],
    shown: _Shown,
    constants: Sequence[Beside],
) -> Iterator[PortRule]:
    """The rules for the members of one family; a way to use them that no rule shows for any of the members is none."""
    grounds = grounds_of(found, shown)
    if "set" in grounds:
        yield from _ended(found, grounds)
    for phase in _PHASES:
        if phase is _one_part:
            yield from _alone(found, constants)
        yield from _phase_rules(phase, found, grounds)


def _phase_rules(
    phase: Callable[[Accessors, Sequence[Accessors]], Iterator[Way]],
    found: Sequence[Accessors],
    grounds: Mapping[str, Learned],
) -> Iterator[PortRule]:
    """The rules of one phase for all members of a family."""
    for one in found:
        for number, (role, title, text) in enumerate(phase(one, found)):
            if role in grounds:
                words = (frozenset({one.gone.old.name}),)
                name = f"{one.gone.id}.{phase.__name__.strip('_')}.{number}"
                yield PortRule(name, one.gone.id, title, text, grounds[role], words)


def grounds_of(found: Sequence[Accessors], shown: _Shown) -> dict[str, Learned]:
    """What shows each way to use the members of a family."""
    grounds: dict[str, Learned] = {}
    for one in found:
        for calls, ground in shown.get(name_of_change(one.gone), ()):
            for role, functions in _roles(one).items():
                if calls & functions and (role not in grounds or grounds[role].shown < ground.shown):
                    grounds[role] = ground
    return grounds


def _roles(one: Accessors) -> dict[str, frozenset[str]]:
    return {
        "get": frozenset({one.get} - {""}),
        "set": frozenset({one.set} - {""}),
        "parts": frozenset({one.set_parts} - {""}),
        "part": frozenset(one.get_part.values()),
    }


def _ended(found: Sequence[Accessors], grounds: Mapping[str, Learned]) -> Iterator[PortRule]:
    """A chain of the family that ends in a member of something else: that one is set before, and the chain takes its value."""
    fit = [one for one in found if one.set]
    names = [one.gone.old.name for one in found]
    struct = found[0].gone.old.struct
    texts = []
    for count in range(min(len(fit), 3), 0, -1):
        for chain in itertools.permutations(fit, count):
            members = [one.gone.old.name for one in chain]
            left = " = ".join(f"E->{name}" for name in members)
            texts.append(
                f"@{'_'.join(members)}_ended@\nstruct {struct} *E;\nexpression F, V;\n"
                f"identifier M != {{{', '.join(names)}}};\n@@\n- {left} = F->M = V;\n+ F->M = V;\n+ {left} = F->M;\n"
            )
    gone = found[0].gone
    title = "what ends a chain of stores is set before it"
    yield PortRule(f"{gone.id}.ended", gone.id, title, "\n".join(texts), grounds["set"], (frozenset(names),))


#: Role, title and SmPL of a rule.
Way = tuple[str, str, str]


def _chained(one: Accessors, family: Sequence[Accessors]) -> Iterator[Way]:
    """A part that is set in a chain, taken out of it: a constant is set twice, another value is taken from what it was set to."""
    del family
    if not one.set_parts:
        return
    targets = [f"E->{one.gone.old.name}.{part}" for part in one.parts]
    texts = []
    for number, target in enumerate(targets):
        ways = [
            ("L", "constant V", f"{target} = L = V;", (f"{target} = V;", "L = V;")),
            ("L", "constant V", f"L = {target} = V;", (f"{target} = V;", "L = V;")),
            ("L, K", "constant V", f"{target} = L = K = V;", (f"{target} = V;", "L = K = V;")),
            ("L, K", "constant V", f"L = {target} = K = V;", (f"{target} = V;", "L = K = V;")),
            ("L, K", "constant V", f"L = K = {target} = V;", (f"{target} = V;", "L = K = V;")),
            ("L", "expression V", f"{target} = L = V;", ("L = V;", f"{target} = L;")),
            ("L", "expression V", f"L = {target} = V;", (f"{target} = V;", f"L = {target};")),
            ("L, K", "expression V", f"L = K = {target} = V;", (f"{target} = V;", f"L = K = {target};")),
        ]
        for way, (names, value, old, new) in enumerate(ways):
            added = "\n".join(f"+ {line}" for line in new)
            head = f"@{one.stem}_chain_{number}{way}@\n{one.base}expression {names};\n{value};\n@@\n"
            texts.append(f"{head}- {old}\n{added}\n")
    yield "parts", f"{' and '.join(targets)} are taken out of chains of assignments", "\n".join(texts)


def _copied(one: Accessors, family: Sequence[Accessors]) -> Iterator[Way]:
    """Both parts taken from another member of the family, with whatever in between that leaves both alone."""
    if not one.set or not one.set_parts:
        return
    texts = []
    member = one.gone.old.name
    for other in (some for some in family if some.get):
        source = other.gone.old.name
        first, second = ((f"E->{member}.{part}", f"F->{source}.{part}") for part in one.parts)
        for number, (here, there) in enumerate(((first, second), (second, first))):
            texts.append(
                f"@{one.stem}_from_{source}_{number}@\n{one.base}struct {one.gone.old.struct} *F;\n@@\n"
                f"- {here[0]} = {here[1]};\n+ {one.set}(E, {other.get}(F));\n  ... when strict\n"
                f"      when != E->{member}\n      when != F->{source}.{one.parts[0]} = ...\n"
                f"      when != F->{source}.{one.parts[1]} = ...\n- {there[0]} = {there[1]};\n"
            )
    yield "set", f"E->{member} taken part by part from another member becomes {one.set}()", "\n".join(texts)


@dataclass(frozen=True, slots=True)
class _Earlier:
    """A value (`{y}` in all of it is its metavariable) that may be taken earlier than it was, where nobody looks in between: how
    it is declared, and what must not happen to it."""

    name: str
    declared: str
    value: str
    guards: str


def _earlier() -> Iterator[_Earlier]:
    """A constant; a local that nothing sets; what a member of something else says, as it is or in another order of bytes."""
    yield _Earlier("constant", "constant {y};\n", "{y}", "")
    steady = "      when != {y} aop ...\n      when != \\({y}++\\|++{y}\\|{y}--\\|--{y}\\|&{y}\\)\n"
    yield _Earlier("local", "local idexpression {y};\nassignment operator aop;\n", "{y}", steady)
    for reach, sign in (("through", "->"), ("in", ".")):
        member = f"S{sign}{{y}}"
        guards = "".join(
            f"      when != {one} aop ...\n      when != \\({one}++\\|++{one}\\|{one}--\\|--{one}\\)\n"
            for one in ("S", member)
        )
        given = ("S", "&S", f"&{member}")
        guards += "".join(f"      when != G(..., {one}, ...)\n" for one in given)
        guards += "      when != SET(..., E, ...)\n      when != H->ANY(..., E, ...)\n"
        names = (
            "expression S, G, H;\nidentifier {y}, ANY;\nidentifier SET != {{{setters}}};\nassignment operator aop;\n"
        )
        yield _Earlier(f"member_{reach}", names, member, guards)
        yield _Earlier(f"turned_{reach}", names + "identifier F;\n", f"F({member})", guards)
        yield _Earlier(f"turned_for_{reach}", names + "identifier F;\nexpression A;\n", f"F(A, {member})", guards)


_EARLIER = tuple(_earlier())


def _by_parts(one: Accessors, family: Sequence[Accessors]) -> Iterator[Way]:
    """Both parts set in one block."""
    if not one.set_parts:
        return
    setters = ", ".join(sorted({name for some in family for name in (some.set, some.set_parts) if name}))
    member = one.gone.old.name
    first, second = (f"E->{member}.{part}" for part in one.parts)
    values = "expression V;\nexpression W;\n"
    both = f"{one.set_parts}(E, V, W);"
    pairs = ((first, "V", second, "W"), (second, "W", first, "V"))
    together = "".join(
        f"@{one.stem}_pair_{number}@\n{one.base}{values}@@\n- {a} = {x};\n- {b} = {y};\n+ {both}\n\n"
        for number, (a, x, b, y) in enumerate(pairs)
    )
    together += "".join(
        f"@{one.stem}_apart_{way.name}_{number}@\n{one.base}expression {x};\n"
        f"{way.declared.format(y=y, setters=setters)}@@\n- {a} = {x};\n"
        f"+ {one.set_parts}(E, {', '.join(way.value.format(y=y) if each == y else each for each in 'VW')});\n"
        f"  ... when strict\n      when != E->{member}\n      when != E = ...\n{way.guards.format(y=y)}"
        f"- {b} = {way.value.format(y=y)};\n\n"
        for way in _EARLIER
        for number, (a, x, b, y) in enumerate(pairs)
    )
    yield "parts", f"{first} = V and {second} = W become {one.set_parts}(E, V, W)", together


def _one_part(one: Accessors, family: Sequence[Accessors]) -> Iterator[Way]:
    """One part set alone, which keeps the other."""
    del family
    if one.set_parts and all(part in one.get_part for part in one.parts):
        first, second = (f"E->{one.gone.old.name}.{part}" for part in one.parts)
        kept = [f"{one.get_part[part]}(E)" for part in one.parts]
        alone = (
            f"@{one.stem}_first@\n{one.base}expression V;\n@@\n- {first} = V;\n+ {one.set_parts}(E, V, {kept[1]});\n\n"
            f"@{one.stem}_second@\n{one.base}expression W;\n@@\n- {second} = W;\n+ {one.set_parts}(E, {kept[0]}, W);\n"
        )
        yield "parts", f"{first} = V becomes {one.set_parts}(E, V, {kept[1]}), the other part kept", alone


def constants_beside(found: Sequence[Accessors], examples: Iterable[tuple[Example, Parts]]) -> tuple[Beside, ...]:
    """The functions of the tree that set one part alone, and never named the other -> what they give for it by now, if nearly all
    give the same number."""
    votes: Counter[str] = Counter()
    groups: dict[str, set[str]] = defaultdict(set)
    for function, used in examples:
        for one in found:
            if one.set_parts and len(used.get(name_of_change(one.gone), ())) == 1:
                first = next(iter(used[name_of_change(one.gone)]))
                place = 1 + (1 - one.parts.index(first)) if first in one.parts else 0
                for given in _arguments_of(function.new, one.set_parts) if place else ():
                    value = given[place] if len(given) == 3 else ""
                    known = isinstance(value, tuple) and value[0] == "number_literal"
                    votes[str(value[1]) if known else ""] += 1
                    groups[str(value[1]) if known else ""].add(function.pair.group)
    for value, count in votes.most_common(1):
        if (
            value
            and count >= FEWEST_FUNCTIONS
            and count >= SHARE * votes.total()
            and len(groups[value]) >= FEWEST_GROUPS
        ):
            return (Beside(value, Learned(count, votes.total(), len(groups[value]), (), ())),)
    return ()


def _arguments_of(body: Term, function: str) -> Iterator[tuple[Term, ...]]:
    """The arguments of all calls of a function."""
    for part in subterms(body):
        if part[0] == "call_expression" and part[1] == ("identifier", function):
            yield tuple(one for one in part[2][1:] if isinstance(one, tuple))


def _alone(found: Sequence[Accessors], constants: Iterable[Beside]) -> Iterator[PortRule]:
    """One part set in functions that never name the other: it gets what the tree gives it."""
    for beside in constants:
        for one in found:
            member, setter = one.gone.old.name, one.set_parts
            for number, part in enumerate(one.parts if setter else ()):
                other = one.parts[1 - number]
                value = f"{setter}(E, V, {beside.value})" if number == 0 else f"{setter}(E, {beside.value}, V)"
                text = (
                    f"@{one.stem}_alone_{number}@\nidentifier fn;\n{one.base}"
                    f"struct {one.gone.old.struct} *F;\nexpression V;\n@@\n"
                    f" fn(...)\n {{\n <... when != F->{member}.{other}\n      when != {setter}(F, ...)\n"
                    f"- E->{member}.{part} = V;\n+ {value};\n ...>\n }}\n"
                )
                title = f"E->{member}.{part} = V becomes {value} where nothing names .{other}"
                words = (frozenset({member}),)
                yield PortRule(f"{one.gone.id}.alone.{number}", one.gone.id, title, text, beside.ground, words)


def _set(one: Accessors, family: Sequence[Accessors]) -> Iterator[Way]:
    """The whole member set to whatever."""
    del family
    if one.set:
        member = f"E->{one.gone.old.name}"
        text = f"@{one.stem}_set@\n{one.base}expression X;\n@@\n- {member} = X\n+ {one.set}(E, X)\n"
        yield "set", f"{member} = X becomes {one.set}(E, X)", text


def _read(one: Accessors, family: Sequence[Accessors]) -> Iterator[Way]:
    """A part or the whole member read."""
    del family
    member = f"E->{one.gone.old.name}"
    for part, getter in sorted(one.get_part.items()):
        text = _reading(f"{one.stem}_{part}", one.base, f"{member}.{part}", f"{getter}(E)")
        yield "part", f"{member}.{part} becomes {getter}(E)", text
    if one.get:
        yield "get", f"{member} becomes {one.get}(E)", _reading(one.stem, one.base, member, f"{one.get}(E)")


#: In this order, each for all members of a family before the next: what one reads another one may still have to set.
_PHASES = (_by_parts, _one_part, _set, _read)


def _reading(stem: str, base: str, left: str, right: str) -> str:
    """A rule for what is read: a first rule finds the places that are stored to, which the second one leaves alone."""
    guard = (
        f"@{stem}_stored@\n{base}expression X;\nidentifier M;\nassignment operator aop;\nposition p;\n@@\n(\n"
        f" {left}@p aop X\n|\n {left}@p.M aop X\n|\n &{left}@p\n|\n &{left}@p.M\n|\n {left}@p++\n|\n {left}@p--\n)\n\n"
    )
    return f"{guard}@{stem}_read@\n{base}position p != {stem}_stored.p;\n@@\n- {left}@p\n+ {right}\n"
