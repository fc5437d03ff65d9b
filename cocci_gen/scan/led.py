"""A tree and some folders of it -> Led, by which obligation each of their functions is bound, and by what ways: without a look at
what the functions do."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from cocci_gen.document.obligations import BINDS_HELPERS, Obligation
from cocci_gen.facts.pages.pages import Effects
from cocci_gen.facts.tree.focus import Focus, FocusedIndex
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.mentions import Place
from cocci_gen.kernel.tree import KernelTree
from cocci_gen.kinds.duties import TreeFacts
from cocci_gen.kinds.takes.judged.bound import led_functions

#: Function -> the obligations and the ways by which it is bound.
Led = Mapping[Place, Sequence[object]]


def led_in(
    tree: KernelTree, index: KernelIndex, focus: Focus, chosen: Sequence[Obligation], files: Collection[str]
) -> Led:
    """Who is bound in the folders of a focus, the lines of some `files` left out."""
    facts = TreeFacts(tree, FocusedIndex(index, focus), Effects(index))
    found: dict[Place, list[object]] = {}
    for obligation, bound in led_functions([one for one in chosen if one.kind in BINDS_HELPERS], facts).items():
        for one in bound:
            chain = tuple(replace(step, line=0) if step.file in files else step for step in one.chain)
            named = {(entry.file, entry.variable) for entry in one.registrations}
            way = (obligation.id, chain, frozenset(named), one.again, one.far)
            found.setdefault((one.definition.path, one.definition.name), []).append(way)
    return found


def led_otherwise(one: Led, other: Led) -> set[Place]:
    """The functions that are bound otherwise in one of two trees."""
    return {place for place in one.keys() | other.keys() if one.get(place) != other.get(place)}
