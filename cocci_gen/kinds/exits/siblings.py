"""What the other exits of a function show of one of them: what it must give back, and whether the page's data went anywhere."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from cocci_gen.code.graphs.control_flow import Call, Graph, Node
from cocci_gen.code.searches.paths import Path
from cocci_gen.facts.calls.page_calls import call_vocabulary
from cocci_gen.facts.calls.page_places import is_alias
from cocci_gen.kinds import pairs
from cocci_gen.kinds.exits.study import Study
from cocci_gen.kinds.page_duty import PageDuty
from cocci_gen.kinds.page_words import page_words

#: What a page is looked at through.
_DATA = re.compile(
    r"\b(?:k?kmap\w*|page_address|folio_address|bvec_set_\w+|sg_set_page|sg_set_folio|iov_iter_\w+)\b|\{"
)
_APART = re.compile(r"->(?:mapping|index|private|flags)\b|page_offset|folio_pos|IS_ERR|PTR_ERR")


@dataclass(frozen=True, slots=True)
class LeftTaken:
    """What an exit does not give back: the call that took it, and the one that every other exit behind it makes."""

    taking: Call
    back: Call

    @property
    def says(self) -> str:
        """The same in words."""
        return f"{self.taking.callee}() at line {self.taking.line} is not undone here, as it is on all other ways"

    @property
    def is_reference(self) -> bool:
        """Whether it is a reference, which may be given back at any place, and not a lock, whose order counts."""
        return self.taking.callee in {*page_words().holds, *call_vocabulary().get}

    @property
    def is_map(self) -> bool:
        """Whether it is a map of a page, which may be taken back right before the page is given back."""
        return self.taking.callee in page_words().maps


def left_taken(study: Study, number: int, path: Path) -> tuple[LeftTaken, ...]:
    """Why an exit is not mended by the page alone: the first that was taken on the way and is not given back on it, although
    every other exit behind the same taking does so; nothing when nothing is left."""
    graph = study.duty.graph
    names = {call.callee for call in graph.calls() if call.direct}
    for step in path.nodes:
        for call in graph.nodes[step].calls:
            for partner in names.intersection(partners(call.callee)):
                back = calling(graph, partner, call)
                later = set(path.nodes[path.nodes.index(step) :])
                if back and not later & set(back) and _given_back(study, number, step, set(back)):
                    return (LeftTaken(call, back[min(back)]),)
    return ()


def partners(name: str) -> Collection[str]:
    """The names that may give back what a call of this name takes."""
    words = page_words()
    known = words.holds.get(name) or words.maps.get(name)
    if known is not None:
        return {known}
    return pairs.partners(name) if pairs.opens(name) else ()


def calling(graph: Graph, name: str, taking: Call) -> dict[int, Call]:
    """The nodes that give back to the same thing, and how; of a map, by the name of the address."""
    address = {
        a.left for a in graph.assignments() if taking.callee in page_words().maps and f"{taking.callee}(" in a.right
    }
    given = [set(taking.arguments[:1]), *({name} for name in address)]
    return {
        number: call
        for number, node in enumerate(graph.nodes)
        for call in node.calls
        if call.callee == name and set(call.arguments[:1]) in given
    }


def _given_back(study: Study, number: int, step: int, back: set[int]) -> bool:
    """Whether every other return behind a taking comes over the giving back."""
    graph = study.duty.graph
    behind = graph.behind((step,))
    others = {n for n in behind if graph.nodes[n].kind == "return" and n != number}
    return bool(others) and not others & (graph.behind((step,), back) - back)


def handing_over(duty: PageDuty) -> frozenset[int]:
    """The nodes that give the page, or what it is looked at through, to a call that may write it."""
    graph = duty.graph
    data = set(duty.aliases)
    for assignment in graph.assignments() * 2:
        used = set(re.findall(r"\w+", assignment.right))
        if used & data and _DATA.search(assignment.right) and not _APART.search(assignment.right):
            data.add(re.split(r"[.\[-]", assignment.left)[0])
    return frozenset(
        number
        for number, node in enumerate(graph.nodes)
        if any(
            _hands_over(call, data) and call.callee not in duty.looks and not _asks(duty, node, call)
            for call in node.calls
        )
    )


def _asks(duty: PageDuty, node: Node, call: Call) -> bool:
    """Whether a call is a test of the page and of nothing else: `if (free_swap(folio))` writes nothing."""
    alone = len(call.arguments) == 1 and is_alias(call.arguments[0], duty.aliases, call_vocabulary())
    return node.kind == "condition" and not node.assignments and alone


def _hands_over(call: Call, data: set[str]) -> bool:
    """Whether a call gets some of the data, other than to look at it; memcpy() out of the page is the write of an inline file."""
    words = call_vocabulary()
    if call.callee.startswith("memcpy"):
        return bool(set(re.findall(r"\w+", " ".join(call.arguments[1:]))) & data)
    if call.direct and (words.is_neutral(call.callee) or call.callee in words.marks or call.callee in words.alias):
        return False
    return any(set(re.findall(r"\w+", text)) & data for text in call.arguments if not _APART.search(text))
