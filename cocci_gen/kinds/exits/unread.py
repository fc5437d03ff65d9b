"""An operations table -> the tests by which its ->read_folio refuses every page that they catch.

What is never read is not up to date, so that no write that covers less than the page and no mapping makes it dirty.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.code.searches.machines import Machine
from cocci_gen.code.searches.search import Question, explore
from cocci_gen.code.states.known import ZERO
from cocci_gen.facts.tree.definitions import Definition, folder_of
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.findings.findings import Registration
from cocci_gen.kinds.page_words import page_words

_WORD = re.compile(r"(?<![\w>.])[A-Za-z_]\w*")
#: A test of more than a variable: how a call of the function went is its own concern.
_ASKS = re.compile(r"\w ?\(|->|\.\w")
_NO_STATE = Machine("no state", "", (), ())

#: A test with the names of the function's own variables left open, and the branch that is taken.
Refused = tuple[str, str]


def refused_reads(asker: Definition, registered: Iterable[Registration], index: KernelIndex) -> frozenset[Refused]:
    """The tests by which every one of some tables refuses to read, whoever asks; `asker` is the method of which that decides
    something."""
    every = [frozenset(_of_table(one, index, asker)) for one in registered]
    return frozenset.intersection(*every) if every else frozenset()


def general(graph: Graph, text: str) -> str:
    """A test with the names of the function's own variables left open: they bear other names in another function."""
    own = {one.name for one in graph.parameters} | {one.left for one in graph.assignments()}
    return _WORD.sub(lambda found: "_" if found[0] in own else found[0], text)


def _of_table(table: Registration, index: KernelIndex, asker: Definition) -> Iterator[Refused]:
    folder = folder_of(table.file)
    for method in page_words().reads:
        for entry in index.tabled_in(method, folder):
            if (entry.path, entry.variable) == (table.file, table.variable):
                index.reads_beside(asker, entry.function)
                graphs = (index.graph(one) for one in index.resolve(entry.function, entry.path))
                yield from (one for graph in graphs if graph is not None for one in _refusals(graph))


def _refusals(graph: Graph) -> Iterator[Refused]:
    """The branches behind which a function returns nothing but errors."""
    for number, node in enumerate(graph.nodes):
        asks = node.kind == "condition" and _ASKS.search(node.text)
        for _, label in node.successors if asks else ():
            found = explore(Question(graph, _NO_STATE, {}, "", over=number, over_label=label))
            ends = [one.result for one in found.arrivals if one.stop.passed]
            if ends and not any(one.signs & ZERO for one in ends):
                yield general(graph, node.text), label
