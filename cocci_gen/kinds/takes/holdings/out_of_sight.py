"""A function and the names of a thing -> the calls that may do anything to it without being given it: by the address of a name,
by what is made from it, by its number, or by the structure around it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.code.searches.machines import Event
from cocci_gen.facts.pages.pages import Effects
from cocci_gen.facts.pages.summaries import Summaries
from cocci_gen.kinds.takes.holdings.endings import frees_later
from cocci_gen.kinds.takes.holdings.lodged import is_local
from cocci_gen.kinds.takes.holdings.made import Made
from cocci_gen.kinds.takes.holdings.sources import Source
from cocci_gen.kinds.takes.words.things import Thing
from cocci_gen.resources import data_tables

_NAME = re.compile(r"[A-Za-z_]\w*")
_OWN_MEMBER = re.compile(r"[A-Za-z_]\w*(?:\.\w+)+")
_MADE = re.compile(r"[A-Za-z_]\w* ?\((\w+)\)")
_CALLED = re.compile(r"(\w+) ?\(")
#: An address, or one behind it: `addr`, `(char *)addr + offset`.
_BEHIND = re.compile(r"(?:\([\w *]+\) ?)*\(?(\w+)(?: [+-] [^?:]+)?\)?")


@dataclass(frozen=True, slots=True)
class OutOfSight:
    """What leads to a thing besides its `names`: the variables that are set to what is made from it, each with the nodes behind
    that, and the addresses of those that hold its number."""

    graph: Graph
    source: Source
    known: Summaries
    names: frozenset[str]
    made: Mapping[str, frozenset[int]]
    numbers: frozenset[str]

    def events(self, number: int, calls: Iterable[Call]) -> Iterator[Event]:
        """The steps of some calls of a node that may do anything to the thing."""
        every = tuple(calls)
        made = {one for one, behind in self.made.items() if number in behind}
        for call in every:
            mark, how = self._done(call, made)
            if mark:
                yield self.known.step(number, call, (mark,), f"{call.callee}(){how and f' {how}'}")
        for call in every:
            if not self.numbers.isdisjoint(call.arguments):
                yield self.known.step(number, call, ("unknown",), f"{call.callee}() may find it by its number")

    def _done(self, call: Call, made: Collection[str]) -> tuple[str, str]:
        """The mark of what a call does to the thing, and how it comes to that; no mark where it does nothing to it."""
        thing, names, given = self.source.thing, self.names, set(call.arguments)
        if any(text.lstrip("& ") in names and text.startswith("&") for text in call.arguments):
            return "unknown", "is given the address of the name"
        if call.callee in thing.releases and names & given:
            return "", ""  # it is given the thing itself, `folio_release_kmap(folio, addr)`
        if Made(self.known.effects.index, thing).ends(call, self.source.path, names):
            return "release", ""
        if thing.owned and names & given and frees_later(call, self.source, names):
            return "hand_on", "has it freed"
        if _ends_made(call, thing, names):
            return "unknown", "may find it by what is made from it"
        if thing.by_address and call.callee in thing.releases and (mark := self._at_address(call)):
            return mark, "is given an address"
        if given & set(made) and _finds(call, self.source.path, thing, self.known.effects, made):
            return "unknown", "may find it by what was made from it"
        around = {name.partition(".")[0] for name in names if _OWN_MEMBER.fullmatch(name)} & given
        return ("unknown", f"is given a copy of {min(around)}") if around else ("", "")

    def _at_address(self, call: Call) -> str:
        """What a call does that ends what an address is in; nothing where that is in another one, as its variable is only set to
        such."""
        words = {one[1] for text in call.arguments if (one := _BEHIND.fullmatch(text))}
        if not words.isdisjoint(self.names):
            return "release"
        rights = [a.right.partition("(")[0].strip() for a in self.graph.assignments() if a.left in words]
        return "" if rights and set(rights) <= self.source.thing.returning else "unknown"


def out_of_sight(graph: Graph, source: Source, known: Summaries, names: frozenset[str]) -> OutOfSight:
    """What leads to a thing of a function besides some names of it."""
    setters = [
        a
        for a in graph.assignments()
        if _NAME.fullmatch(a.left) and a.left not in names and set(_NAME.findall(a.right)) & names
    ]
    pointers = {one.left for one in setters if is_local(graph, one.left)}
    steps = {
        name: [n for n, node in enumerate(graph.nodes) for a in node.assignments if a.left == name and a in setters]
        for name in pointers
    }
    numbers = frozenset(f"&{one.left}" for one in setters if not _numbers().isdisjoint(_NAME.findall(one.right)))
    made = {one: graph.behind(nodes) for one, nodes in steps.items()}
    return OutOfSight(graph, source, known, names, made, numbers)


@cache
def _numbers() -> frozenset[str]:
    """The calls that give a number by which a thing is found again (things.toml), `pfn = folio_pfn(folio)`."""
    return frozenset(data_tables("kinds/takes/words/things.toml")["numbers"]["names"])


def _ends_made(call: Call, thing: Thing, names: Collection[str]) -> bool:
    """Whether a call that by its name gives such a thing back, be it later, `add_late_iput(BOX_I(inode))`, is given what is made
    from it."""
    made = any(found[1] in names for text in call.arguments if (found := _MADE.fullmatch(text)))
    return made and call.direct and any(call.callee.endswith(f"_{one}") for one in thing.releases)


def _finds(call: Call, path: str, thing: Thing, effects: Effects, made: Collection[str]) -> bool:
    """Whether a callee gives such a thing back itself, and not only what it has taken itself."""
    definitions = effects.index.resolve(call.callee, path) if call.direct else ()
    graphs = [graph for one in definitions if (graph := effects.index.graph(one)) is not None]
    return any(
        _gives_another(graph, one, thing, _beside(graph, call, made)) for graph in graphs for one in graph.calls()
    )


def _beside(graph: Graph, call: Call, made: Collection[str]) -> frozenset[str]:
    """The parameters of a callee that are given something else than what was made from the thing."""
    given = zip(graph.parameters, call.arguments, strict=False)
    return frozenset(one.name for one, text in given if text.isidentifier() and text not in made)


def _gives_another(graph: Graph, call: Call, thing: Thing, beside: Collection[str]) -> bool:
    """Whether a call gives back what the function has not taken under that name, nor was given `beside`."""
    if call.callee not in thing.releases or "".join(call.arguments[:1]) in beside:
        return False
    rights = [a.right for a in graph.assignments() if a.left in call.arguments[:1] and a.right not in ("NULL", "0")]
    taken = (found[1] in thing.returning for one in rights if (found := _CALLED.match(one)))
    return not rights or len(rights) != sum(taken)
