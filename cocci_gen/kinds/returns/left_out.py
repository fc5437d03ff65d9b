"""A way to a wrong return -> what it leaves out of the good one, and the other jumps by which the same value comes there.

A reviewer asks what goes wrong in *this* file system.  The answer is in the function: the calls about the page, the file or the
inode that stand on the way to the good value and that the wrong way does not come to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.code.searches.paths import Path
from cocci_gen.facts.calls.page_calls import call_vocabulary
from cocci_gen.kinds.returns.candidates import Candidate

_WORD = re.compile(r"[A-Za-z_]\w*")
#: Only looks, waits, counts or gives back: nobody misses it.
_IDLE = re.compile(
    r"wait|killable|(?:length|size|mapping|inode|pos|offset|index|trylock)$|^_|lock|alloc|free|_get_|^(?:get|put|to)_|IS_ERR|"
    r"debug|trace|print|_eq$|^(?:sb|filp|mnt)_(?:start|end)|test_|(?:^|_)is_",
    re.IGNORECASE,
)
#: Looks idle to the vocabulary of pages, and keeps what a later write needs.
_KEEPS = re.compile(r"(?:attach|change)_(?:page_)?private$")


def left_out(graph: Graph, path: Path, good: str) -> tuple[str, ...]:
    """The calls between the last branch of a path and a return of the good value, or of what holds it, in their order."""
    if not path.decisions:
        return ()
    last = path.decisions[-1]
    others = [after for after, label in graph.nodes[last.node].successors if label != last.label]
    ahead = {*others, *graph.behind(others)}
    aims = {n for n in ahead if _gives(graph, n, good)}
    if not aims:
        return ()
    between = {n for n in ahead if n in aims or aims & graph.behind((n,))} | graph.behind(aims)
    given = _given(graph)
    made = {call.callee for number in path.nodes for call in graph.nodes[number].calls}
    found = {
        call.callee: None
        for number in sorted(between & ahead - set(path.nodes), key=lambda n: (graph.nodes[n].line, n))
        for call in graph.nodes[number].calls
        if call.direct and call.callee not in made and _is_missed(call, given)
    }
    return tuple(found)


def _gives(graph: Graph, number: int, good: str) -> bool:
    node = graph.nodes[number]
    assigned = any(one.right == good and one.operator == "=" for one in node.assignments)
    return assigned or (node.kind == "return" and node.returned == good)


def _given(graph: Graph) -> frozenset[str]:
    """The parameters and the names of what was read from them."""
    names = {parameter.name for parameter in graph.parameters if parameter.name}
    for one in graph.assignments() * 2:
        if _WORD.fullmatch(one.left) and set(_WORD.findall(one.right)) & names:
            names.add(one.left)
    return frozenset(names)


def _is_missed(call: Call, given: frozenset[str]) -> bool:
    words = call_vocabulary()
    if _KEEPS.search(call.callee):
        return True
    if _IDLE.search(call.callee) or words.marks.get(call.callee, frozenset()) & {"take", "release", "redirty"}:
        return False  # the page is locked and made dirty by the caller too
    if words.is_neutral(call.callee) or call.callee.isupper():
        return False
    return any(set(_WORD.findall(argument)) & given for argument in call.arguments)


def other_jumps(graph: Graph, path: Path, candidate: Candidate) -> Iterator[int]:
    """The lines of the other jumps by which a variable comes to the return as it was set before all of them."""
    sets = {n for n, node in enumerate(graph.nodes) if any(one.left == candidate.variable for one in node.assignments)}
    wrong = {
        n
        for n in sets
        if any(one.left == candidate.variable and one.right == candidate.value for one in graph.nodes[n].assignments)
    }
    if not candidate.variable or len(wrong) != 1:
        return
    [source] = wrong
    for number, node in enumerate(graph.nodes):
        if node.text.startswith("goto ") and number not in path.nodes and not set(path.nodes) & {number}:
            straight = number in graph.behind((source,), sets - wrong)
            if (
                straight
                and candidate.node in graph.behind((number,), sets)
                and _one_setter(graph, source, number, sets)
            ):
                yield node.line


def _one_setter(graph: Graph, source: int, jump: int, sets: set[int]) -> bool:
    """Whether nothing but the source sets the variable on any way to the jump."""
    others = sets - {source}
    return jump not in graph.behind(others) if others else True
