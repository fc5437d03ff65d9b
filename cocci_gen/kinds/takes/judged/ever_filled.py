"""A function -> the methods for which it asks and that every table of their structure has: such a test never fails.

    if (!bed->ops->dig)
            return -ENOSYS;         each sort of bed has one

What a table may come to lack is a reason to mend the function, and none to say that something is kept today.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.code.searches.paths import Path
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.findings.findings import Confidence, Doubt

#: A test of a method by way of the member that points at its table, `bed->ops->dig`.
_TEST = re.compile(r"(!?)([\w>.-]*\b(\w+)(?:->|\.)(\w+))")


def ever_filled(graph: Graph, definition: Definition, index: KernelIndex) -> Mapping[str, str]:
    """What is asked for in tests, without a `!` -> the structure whose every table in this folder has it."""
    found: dict[str, str] = {}
    for node in graph.nodes:
        if node.kind == "condition" and (asked := _TEST.fullmatch(node.text)):
            for struct in _filled(asked[3], asked[4], definition, index):
                found[asked[2]] = struct
    return found


def doubted_tests(graph: Graph, path: Path, filled: Mapping[str, str]) -> Iterator[Doubt]:
    """The tests on a way that say that there is no such method."""
    for decision in path.decisions:
        asked = _TEST.fullmatch(graph.nodes[decision.node].text)
        if asked and asked[2] in filled and decision.label == ("true" if asked[1] else "false"):
            struct = filled[asked[2]]
            yield (
                Confidence.LOW,
                f"every struct {struct} of this folder has a {asked[4]}, so that `{asked[2]}` is there",
            )


def _filled(holder: str, method: str, definition: Definition, index: KernelIndex) -> Iterator[str]:
    """The structures to which a member points and whose every table in the folder has a method."""
    naming: dict[str, set[tuple[str, str]]] = {}
    index.reads_who_names(definition, method)
    index.reads_who_names(definition, holder)
    for entry in index.tabled_in(method, definition.folder):
        naming.setdefault(entry.struct, set()).add((entry.path, entry.variable))
    for struct, tables in naming.items():
        if struct and _points(holder, struct, definition, index):
            index.reads_who_names(definition, struct)
            if set(_tables(struct, definition.folder, index)) == tables:
                yield struct


def _points(holder: str, struct: str, definition: Definition, index: KernelIndex) -> bool:
    """Whether a member of that name is declared to point at the structure, in the folder."""
    declared = re.compile(rb"\bstruct\s+%s\s*\*\s*(?:const\s+)?%s;" % (struct.encode(), holder.encode()))
    return any(declared.search(text) for _, text in _texts(definition.folder, index))


def _tables(struct: str, folder: str, index: KernelIndex) -> Iterator[tuple[str, str]]:
    """(path, variable) of all tables of a structure in a folder, those too that are filled by assignments; of an array, no entry
    tells which element it is of."""
    table = re.compile(
        rb"(\bextern\s+)?(?:\bconst\s+)?\bstruct\s+%s\s+(\w+)\b[\s\w\[\]]*(?:=\s*\{|;)" % struct.encode()
    )
    for path, text in _texts(folder, index):
        yield from ((path, found[2].decode()) for found in table.finditer(text) if not found[1])


def _texts(folder: str, index: KernelIndex) -> Iterable[tuple[str, bytes]]:
    return ((path, index.text(path)) for path in index.files_in(folder))
