"""A Graph -> its nodes in the order in which they are best gone over."""

from __future__ import annotations

from cocci_gen.code.graphs.control_flow import Graph

_ENTRY = 0


def reverse_postorder(graph: Graph) -> list[int]:
    """The nodes that a way from the entry comes to, each ahead of all that lie behind it, but for the ways back of loops."""
    ended: list[int] = []
    seen = {_ENTRY}
    todo = [(_ENTRY, iter(graph.nodes[_ENTRY].successors))]
    while todo:
        number, left = todo[-1]
        following = next((after for after, _ in left if after not in seen), None)
        if following is None:
            ended.append(number)
            todo.pop()
        else:
            seen.add(following)
            todo.append((following, iter(graph.nodes[following].successors)))
    return ended[::-1]
