"""An operations table of address spaces -> whether processes map what it is for, and whether its dirty pages are tagged.

What a file system keeps in inodes of its own (node tables, checkpoints, the journal) gets address space operations and no file
operations, hence no ->mmap: nobody comes to its pages under the lock of a page table.  Of what is given no tags (the swap cache)
none is left where a page is unlocked clean and was neither written back nor dirtied again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.facts.pages.backing_devices import untagging
from cocci_gen.facts.tree.definitions import Definition, folder_of
from cocci_gen.facts.tree.index import KernelIndex

#: What gives a mapping its table: looked for in all files of a folder.
SETS_TABLE = re.compile(rb"\ba_ops\s*=\s*&\s*\w+")
_STRUCT = "address_space_operations"
_FILE_OPERATIONS = re.compile(r"->i_fop$")


def unmapped(index: KernelIndex, variable: str, path: str, asker: Definition) -> bool:
    """Whether inodes with a table get no file operations where others get some, in all functions of its folder that set it;
    a function that sets none for any inode tells nothing.  `asker` is the method of which that decides something."""
    set_in = list(_setters(index, variable, folder_of(path)))
    for graph, _ in set_in:
        index.reads_beside(asker, graph.name)
    return bool(set_in) and all(_without_file_operations(graph, number) for graph, number in set_in)


def untagged(index: KernelIndex, variable: str, path: str, asker: Definition) -> bool:
    """Whether mappings with a table get no tags of dirty pages: it dirties them by a function that sets none, or all functions of
    its folder that set it say so of the mapping; `asker` is the method of which that decides something."""
    entries = (one for method in untagging().dirtying for one in index.entries_of(method, _STRUCT))
    if any((one.variable, one.path) == (variable, path) and one.function in untagging().dirties for one in entries):
        return True
    set_in = list(_setters(index, variable, folder_of(path)))
    for graph, _ in set_in:
        index.reads_beside(asker, graph.name)
    return bool(set_in) and all(_without_tags(graph, number) for graph, number in set_in)


def _setters(index: KernelIndex, variable: str, folder: str) -> Iterator[tuple[Graph, int]]:
    """The functions that give a mapping the table, with the node."""
    given = re.compile(rf"\ba_ops\s*=\s*&\s*{re.escape(variable)}\b".encode())
    graphs = (index.graph(one) for path in index.files_in(folder) for one in index.functions_with(given, path))
    for graph in (one for one in graphs if one is not None):
        for number, node in enumerate(graph.nodes):
            if any(a.left.endswith("a_ops") and a.right.strip("& ") == variable for a in node.assignments):
                yield graph, number


def _without_file_operations(graph: Graph, number: int) -> bool:
    given = {
        at for at, node in enumerate(graph.nodes) if any(_FILE_OPERATIONS.search(one.left) for one in node.assignments)
    }
    return bool(given) and given.isdisjoint(graph.before((number,)) | graph.behind((number,)) | {number})


def _without_tags(graph: Graph, number: int) -> bool:
    """Whether the mapping that a node gives its table is told to keep no tags, before or behind."""
    given = {
        one.left.removesuffix("->a_ops") for one in graph.nodes[number].assignments if one.left.endswith("->a_ops")
    }
    near = graph.before((number,)) | graph.behind((number,))
    calls = (call for at in near for call in graph.nodes[at].calls)
    return any(call.callee in untagging().calls and call.arguments[0] in given for call in calls)
