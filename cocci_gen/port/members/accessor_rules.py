"""Members that went behind functions -> rules for all of them: whatever is stored to them or read, whole or by parts."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cocci_gen.port.changes.evolutions import Evolution
from cocci_gen.port.lessons.generalise import Function as Example
from cocci_gen.port.lessons.rules import Learned, PortRule
from cocci_gen.port.lessons.support import LearnedRule
from cocci_gen.port.members.accessors import Accessors, Declarations, Shown, families, grounds_of
from cocci_gen.port.members.parts_beside import Beside, constants_beside
from cocci_gen.port.texts.terms import Parts


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


def _family_rules(
    found: Sequence[Accessors],
    shown: Shown,
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
