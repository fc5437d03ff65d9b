"""A Graph and an unlock -> Span, where writeback around it begins and ends.

The document wants writeback to start before the I/O and to end when all is over.  So it starts before the first call that may
write the page's data, where no way from there misses the unlock, and ends after what records the outcome: who waits for writeback
looks at the error of the mapping and at the state of the inode next.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cocci_gen.code.graphs.control_flow import Graph, Node
from cocci_gen.facts.calls.page_calls import call_vocabulary
from cocci_gen.facts.calls.page_places import is_alias
from cocci_gen.facts.calls.reach import CallReach, Sought
from cocci_gen.kinds.exits.siblings import calling, partners
from cocci_gen.kinds.page_words import page_words

#: Calls deep that a wait for writeback is looked for.
_DEPTH = 3
#: Record the outcome of a write, and do nothing else.
_RECORDS = re.compile(r"^(?:mapping_set_error|filemap_set_wb_err|_*mark_inode_dirty\w*|\w*_mark_inode_dirty)$")
_MAPS = re.compile(r"^k?map\w*$")
_PLAIN = re.compile(r"(?:(?P<left>[A-Za-z_][\w.>-]*) ?= ?)?(?P<callee>[A-Za-z_]\w*) ?\(.*\);", re.DOTALL)
_ENTRY, _EXIT = 0, 1
#: SmPL of an `if` that only records an outcome; the templates declare its metavariables.
RECORDING = "if (outcome) record"


@dataclass(frozen=True, slots=True)
class Span:
    """SmPL of the statement before which writeback starts ("" for the unlock itself), of the statements between the unlock and
    its end, and the lines of both."""

    first: str = ""
    behind: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Written:
    """The unlock of a graph, the nodes that may write the data, those that wait for writeback, the names of the page, and where
    the duty begins anew."""

    graph: Graph
    unlock: int
    writers: frozenset[int]
    waits: frozenset[int]
    names: frozenset[str]
    starts: tuple[int, ...] = ()

    @property
    def leaves(self) -> frozenset[int]:
        """Where the page is out of the function's hands."""
        return frozenset({_EXIT, *self.starts})

    def from_to(self, number: int) -> frozenset[int]:
        """The nodes between one and the unlock."""
        return self.graph.behind((number,), {self.unlock, *self.leaves})

    def always_before(self, number: int) -> bool:
        """Whether a node is passed once on every way to the unlock, and every way from it comes there."""
        graph, leaves = self.graph, self.leaves
        between = self.from_to(number)
        return (
            self.unlock in between
            and number not in between
            and not leaves & between
            and self.unlock not in graph.behind(self.starts or (_ENTRY,), {number, *self.starts})
        )


def waiting(graph: Graph, path: str, names: Iterable[str], reach: CallReach) -> frozenset[int]:
    """The nodes of a function in `path` with a call that waits for writeback of the page, or of what it was made from."""
    derived = set(names)
    for assignment in graph.assignments() * 2:
        if re.fullmatch(r"\w+", assignment.left) and set(re.findall(r"\w+", assignment.right)) & derived:
            derived.add(assignment.left)
    known, sought = frozenset(derived), Sought(page_words().waits, frozenset(), (), _DEPTH)
    return frozenset(
        number
        for number, node in enumerate(graph.nodes)
        for call in node.calls
        if reach.of_given(call, path, known, sought) is not None
    )


def span_of(written: Written) -> Span:
    """Where writeback around an unlock begins and ends."""
    first, behind = _first(written), tuple(_behind(written))
    nodes = written.graph.nodes
    lines = tuple(nodes[number].line for number in ((first,) if first is not None else ()))
    return Span(
        _pattern(nodes[first]) if first is not None else "",
        tuple(text for text, _ in behind),
        (*lines, *(line for _, line in behind[-1:])),
    )


def _first(written: Written) -> int | None:
    """The last statement before which nothing was written, with the mappings and locks right before it; None where only the
    unlock is sure."""
    nodes = written.graph.nodes
    sure = [n for n, node in enumerate(nodes) if _is_plain(node) and written.always_before(n)]
    writers = {n for n in written.writers if n != written.unlock and written.unlock in written.from_to(n)}
    good = [n for n in sure if writers and writers <= {n, *written.from_to(n)}]
    if not good:
        return None
    number = max(good, key=lambda one: sum(one in written.from_to(other) for other in good))
    while (before := _led_by(written, number)) in sure:
        number = before
    return None if written.waits & {number, *written.from_to(number)} else number


def _led_by(written: Written, number: int) -> int:
    """The statement right before one that maps the page or takes a lock which is given back before the unlock; -1 for none."""
    graph = written.graph
    leading = graph.ahead_of(number)
    if len(leading) != 1:
        return -1
    [before] = leading
    for call in graph.nodes[before].calls[:1]:
        back = {n for name in partners(call.callee) for n in calling(graph, name, call)}
        locks = bool(re.search(r"lock|down|mutex", call.callee)) and bool(back & written.from_to(before))
        if locks or (
            _MAPS.match(call.callee) and any(is_alias(a, written.names, call_vocabulary()) for a in call.arguments)
        ):
            return before
    return -1


def _is_plain(node: Node) -> bool:
    """A call as a statement of its own, with its result assigned or not: what another statement may be put before."""
    declares = any(assignment.declares for assignment in node.assignments)
    return node.kind == "statement" and not declares and _PLAIN.fullmatch(node.text) is not None


def _pattern(node: Node) -> str:
    """SmPL for a plain statement: its call, whatever the arguments."""
    found = _PLAIN.fullmatch(node.text)
    if found is None:
        return ""
    return f"{found['left']} = {found['callee']}(...);" if found["left"] else f"{found['callee']}(...);"


def _behind(written: Written) -> Iterator[tuple[str, int]]:
    """SmPL and last line of the statements that follow the unlock, up to the last that records the outcome."""
    nodes, seen = written.graph.nodes, list[tuple[str, int]]()
    number = _next(written, written.unlock)
    while number is not None:
        node = nodes[number]
        if node.kind == "condition":
            inside, after = _guarded(written, number)
            every = [nodes[n] for n in inside]
            text = RECORDING
        else:
            after, every = _next(written, number), [node]
            text = _pattern(node) if node.calls else node.text
        if not every or not text or not all(map(_only_records, every)):
            return
        seen.append((text, max(one.line for one in every)))
        if any(one.calls for one in every):
            yield from seen
            seen = []
        number = after


def _only_records(node: Node) -> bool:
    return all(_RECORDS.match(call.callee) for call in node.calls) and node.kind in ("statement", "condition")


def _next(written: Written, number: int) -> int | None:
    """What follows a statement, if it is in the same hands and nothing else leads there."""
    graph = written.graph
    after = [n for n, _ in graph.nodes[number].successors]
    if len(after) != 1 or after[0] in written.leaves or graph.nodes[after[0]].kind not in ("statement", "condition"):
        return None
    if len(graph.ahead_of(after[0])) > 1 and number == written.unlock:
        return None
    return after[0]


def _guarded(written: Written, condition: int) -> tuple[list[int], int | None]:
    """The nodes of an `if` without else that begins with a condition, and what follows it; none where it is no such `if`."""
    graph, leaves = written.graph, written.leaves
    sides = [after for after, _ in graph.nodes[condition].successors]
    for body, join in (sides, sides[::-1]) if len(sides) == 2 else ():
        inside = {body, *graph.behind((body,), {join, *leaves})}
        if join in inside and condition not in inside and not (inside - {join}) & leaves:
            follows = join not in leaves and graph.nodes[join].kind in ("statement", "condition")
            return sorted({condition, *inside - {join}}), join if follows else None
    return [], None
