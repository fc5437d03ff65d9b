"""Members behind functions that get one value in a chain of assignments -> rules that nest their setters as the tree does.

`a->i_ctime.tv_sec = a->i_mtime.tv_sec = a->i_atime.tv_sec = V` is one value in three members of one type, in whatever order they
stand; the tree writes `inode_set_mtime_to_ts(a, inode_set_atime_to_ts(a, inode_set_ctime(a, V, 0)))` for it.  These rules come
before those of single stores and reads: there, a chain would be the value of its first store."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from cocci_gen.port.changes.evolutions import Evolution
from cocci_gen.port.lessons.rules import Learned, PortRule
from cocci_gen.port.lessons.support import LearnedRule
from cocci_gen.port.members.accessors import Accessors, Declarations, families, grounds_of

#: A call whose second argument is another one: `inode_set_mtime_to_ts(inode, inode_set_ctime_to_ts(`.
_NESTED = re.compile(rb"(?=\b(\w+)\([^(),;]+,\s*(\w+)\()")


def nested_rules(
    evolutions: Iterable[Evolution],
    learned: Sequence[LearnedRule],
    declarations: Declarations,
    texts: Collection[bytes] = (),
) -> Iterator[PortRule]:
    """What changed, the rules that the tree agrees on, the new headers and functions of the new tree -> the rules for chains of
    members whose setters give back what they set."""
    for found, shown in families(evolutions, learned, declarations):
        grounds = grounds_of(found, shown)
        if "set" in grounds and "parts" in grounds:
            order = nesting_order(found, texts)
            every = enumerate(_by_parts(found, grounds["parts"], order))
            yield from (replace(rule, id=f"{rule.id}.{number:02d}") for number, rule in every)


def ordered_rules(
    evolutions: Iterable[Evolution],
    learned: Sequence[LearnedRule],
    declarations: Declarations,
    texts: Collection[bytes] = (),
) -> Iterator[PortRule]:
    """The same -> the rules for chains of whole members, which come behind what the tree shows of the value of a chain."""
    for found, shown in families(evolutions, learned, declarations):
        grounds = grounds_of(found, shown)
        order = nesting_order(found, texts)
        if "set" in grounds and order:
            every = enumerate(_whole([one for one in found if one.gives_back], grounds["set"], order))
            yield from (replace(rule, id=f"{rule.id}.{number:02d}") for number, rule in every)


def _whole(fit: Sequence[Accessors], ground: Learned, order: Sequence[str]) -> Iterator[PortRule]:
    """Several members that get one value in a chain, in the order in which the tree nests their setters."""
    for count in (3, 2):
        for chain in itertools.permutations(fit, count):
            members = [one.gone.old.name for one in chain]
            if not set(members) <= set(order):
                continue
            value = "V"
            for one in reversed(_in_order(chain, order)):
                value = f"{one.set}(E, {value})"
            gone, left = chain[0].gone, " = ".join((*(f"E->{name}" for name in members), "V"))
            text = (
                f"@{'_'.join(members)}_whole@\nstruct {gone.old.struct} *E;\nexpression V;\n@@\n- {left};\n+ {value};\n"
            )
            words = tuple(frozenset({name}) for name in members)
            yield PortRule(f"{gone.id}.whole", gone.id, f"{left} becomes {value}", text, ground, words)


def _by_parts(found: Sequence[Accessors], ground: Learned, order: Sequence[str]) -> Iterator[PortRule]:
    """Several members that get the same value by one chain, their other part a constant: one setter takes what the next gives, in
    the order in which the tree writes them, else in that of the chain."""
    fit = [one for one in found if one.gives_back]
    for count in (3, 2):
        for chain in itertools.permutations(fit, count):
            members = [one.gone.old.name for one in chain]
            first, second = chain[-1].parts
            base = f"struct {chain[0].gone.old.struct} *E;\nexpression V;\nconstant C;\n"
            setters = _in_order(chain, order)
            value = f"{setters[-1].set_parts}(E, V, C)"
            for one in reversed(setters[:-1]):
                value = f"{one.set}(E, {value})"
            orders = [
                " = ".join((*(f"E->{name}.{second}" for name in some), "C")) for some in itertools.permutations(members)
            ]
            rest = [[f"E->{name}.{second} = C" for name in members], *([one] for one in orders)]
            ways = "\n|\n".join("\n".join(f"- {line};" for line in lines) for lines in rest)
            left = " = ".join((*(f"E->{name}.{first}" for name in members), "V"))
            text = f"@{'_'.join(members)}@\n{base}@@\n- {left};\n+ {value};\n(\n{ways}\n)\n"
            gone = chain[0].gone
            words = tuple(frozenset({name}) for name in members)
            yield PortRule(f"{gone.id}.in_one", gone.id, f"{left} becomes {value}", text, ground, words)


def nesting_order(found: Iterable[Accessors], texts: Iterable[bytes]) -> tuple[str, ...]:
    """The members of a family in the order in which functions of the tree nest their setters, outer ones first; () where they
    show none."""
    members = {name.encode(): one.gone.old.name for one in found for name in (one.set, one.set_parts) if name}
    votes: Counter[str] = Counter()
    for text in texts:
        for outer, inner in _NESTED.findall(text) if any(name in text for name in members) else ():
            if outer in members and inner in members and members[outer] != members[inner]:
                votes.update({members[outer]: 1})
                votes.update({members[inner]: -1})
    return tuple(sorted(votes, key=lambda name: (-votes[name], name)))


def _in_order(chain: Sequence[Accessors], order: Sequence[str]) -> Sequence[Accessors]:
    """Some members as the tree nests them; as they stand where it does not show that of all of them."""
    names = [one.gone.old.name for one in chain]
    return sorted(chain, key=lambda one: order.index(one.gone.old.name)) if set(names) <= set(order) else chain
