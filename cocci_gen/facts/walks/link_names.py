"""A folder -> the objects that its inodes name as `i_link`, which a walk reads without asking anybody.

`inode->i_link = info->target` makes the target one of the things that rcu-walk looks at, under a name that no method speaks of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.code.graphs.operands import operand_of
from cocci_gen.facts.calls.steps import Step
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.walks.object_paths import INODE, ObjectPath, object_paths

#: The member that the walk reads in place of calling ->get_link, and that simple_get_link() hands out.
LINK: ObjectPath = (INODE, "i_link")
_SETS = re.compile(rb"->i_link ?= ?[^=]")
_LEFT = re.compile(r"([A-Za-z_]\w*)->i_link")


def link_names(index: KernelIndex, folder: str) -> Iterator[tuple[ObjectPath, Step]]:
    """Each object that a function of the folder puts into `i_link` of an inode, reckoned from that inode, and where it does."""
    for path in index.files_in(folder):
        for definition in index.functions_with(_SETS, path):
            graph = index.graph(definition)
            if graph is not None:
                yield from _named(index, graph, path)


def _named(index: KernelIndex, graph: Graph, path: str) -> Iterator[tuple[ObjectPath, Step]]:
    paths = object_paths(index)
    for one in graph.assignments():
        left = _LEFT.fullmatch(one.left)
        if left is None or one.operator != "=":
            continue
        # The inode is what is set up here, wherever it comes from.
        reached = [n for n, node in enumerate(graph.nodes) if all(a.left != left[1] for a in node.assignments)]
        known = paths.locals(graph, path, {left[1]: (INODE,)}, reached)
        found = paths.path(operand_of(one.right), known, path)
        if len(found) > 1 and found[0] == INODE:
            yield found, Step(path, one.line, f"`{one.left} = {one.right}` makes it what a walk reads of a link")
