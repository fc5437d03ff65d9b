"""Leaf of stage 3: a kernel tree -> CallSite, every call of a method through a pointer to its operations table."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from cocci_gen.control_flow import Call, Graph
from cocci_gen.errors import KernelTreeError
from cocci_gen.index import Definition, KernelIndex
from cocci_gen.kernel_tree import KernelTree
from cocci_gen.programs import Completed
from cocci_gen.resources import data_tables

_HIT = re.compile(r"^[^:]*:(?P<path>[^\0]*)\0(?P<line>\d+)\0(?P<text>.*)$")


@dataclass(frozen=True, slots=True)
class CallSite:
    """One call in one function: the node of its graph and the call."""

    definition: Definition
    graph: Graph
    node: int
    call: Call


class CallSites:
    """All such calls of a tree; the tree is searched once, with `git grep`."""

    def __init__(self, tree: KernelTree, index: KernelIndex) -> None:
        self.index = index
        self._lines = _grep(tree, index)

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
    """Struct -> the members that point to it (caller_locks.toml)."""
    return {struct: tuple(names) for struct, names in data_tables("caller_locks.toml")["member"].items()}


def _grep(tree: KernelTree, index: KernelIndex) -> dict[tuple[str, str], list[tuple[str, int]]]:
    """(member, method) -> places; KernelTreeError when git fails for another reason than that nothing matches."""
    names = "|".join(sorted({name for every in members().values() for name in every}))
    pattern = rf"(->|\.)({names})->[a-z_]+ ?\("
    known = index.paths()
    places: dict[tuple[str, str], list[tuple[str, int]]] = {}
    words = ("grep", "-n", "-z", "-I", "--no-color", "-E", "-e", pattern, tree.commit, "--", "*.c", "*.h")
    ended = tree.run_git(*words)
    if not isinstance(ended, Completed) or ended.returncode not in (0, 1):
        raise KernelTreeError(
            f"git grep failed in {tree.root}, so the calls of methods are not known; is the repository whole?"
        )
    for row in ended.stdout.decode("utf-8", "surrogateescape").split("\n"):
        hit = _HIT.match(row)
        if hit is None or hit["path"] not in known:
            continue
        for _, member, method in re.findall(rf"(->|\.)({names})->([a-z_]+) ?\(", hit["text"]):
            places.setdefault((member, method), []).append((hit["path"], int(hit["line"])))
    return places
