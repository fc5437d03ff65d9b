"""KernelIndex -> CallSite, every call of a method through a pointer to its operations table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.resources import data_tables


@dataclass(frozen=True, slots=True)
class CallSite:
    """One call in one function: the node of its graph and the call."""

    definition: Definition
    graph: Graph
    node: int
    call: Call


class CallSites:
    """All such calls of a tree, as its index shows it."""

    def __init__(self, index: KernelIndex) -> None:
        self.index = index
        self._lines = _places(index)

    def of(self, struct: str, method: str) -> tuple[CallSite, ...]:
        """The calls of one method, in (path, line) order."""
        found: dict[tuple[Definition, int, str], CallSite] = {}
        for member in members().get(struct, ()):
            for path, line in self._lines.get((member, method), ()):
                for site in self._sites(path, line, f"{member}->{method}"):
                    found[site.definition, site.call.line, site.call.callee] = site
        return tuple(found.values())

    def _sites(self, path: str, line: int, ending: str) -> list[CallSite]:
        for definition in self.index.functions_in(path):
            if definition.span.line <= line <= definition.span.last_line:
                graph = self.index.graph(definition)
                return [
                    CallSite(definition, graph, number, call)
                    for number, node in enumerate(graph.nodes if graph is not None else ())
                    for call in node.calls
                    if graph is not None and not call.direct and re.search(rf"(?:->|\.|^){ending}$", call.callee)
                ]
        return []


@cache
def members() -> Mapping[str, tuple[str, ...]]:
    """Struct -> the members that point to it (call_sites.toml)."""
    return {struct: tuple(names) for struct, names in data_tables("facts/tree/call_sites.toml")["member"].items()}


@cache
def forbidding() -> frozenset[str]:
    """What begins a stretch in which nobody may sleep and is no lock of vocabulary.toml (call_sites.toml)."""
    return frozenset(data_tables("facts/tree/call_sites.toml")["forbids"]["calls"])


def is_core(path: str) -> bool:
    """Whether a file belongs to the VFS or the VM: the tables describe how these call the methods (call_sites.toml)."""
    folder, _, name = path.rpartition("/")
    return name.endswith(".c") and folder in _core()


@cache
def _core() -> frozenset[str]:
    return frozenset(data_tables("facts/tree/call_sites.toml")["core"]["folders"])


def _places(index: KernelIndex) -> dict[tuple[str, str], list[tuple[str, int]]]:
    """(member, method) -> places."""
    names = "|".join(sorted({name for every in members().values() for name in every}))
    pattern = rf"(->|\.)({names})->([a-z_]+) ?\("
    places: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for one in index.search_here(rf"\b({names})\b"):
        for _, member, method in re.findall(pattern, one.text):
            places.setdefault((member, method), []).append((one.path, one.line))
    return places
