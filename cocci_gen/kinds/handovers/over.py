"""A Taking, and what ends what it owes -> every way over it, with what is owed at the returns."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from cocci_gen.code.graphs.control_flow import Graph, Node
from cocci_gen.code.searches.explorations import Exploration
from cocci_gen.code.searches.machines import RETURN, Event, Exit, Machine, Move, Outcome, Result, Wrong
from cocci_gen.code.searches.search import Question, explore
from cocci_gen.code.states.known import NEGATIVE, ZERO, Facts
from cocci_gen.kinds.handovers.takings import Taking

_WORD = re.compile(r"[A-Za-z_]\w*")
_CALL = re.compile(r"\w+ ?\([^()]*\)")

#: What is owed begins behind the taking (or behind a release), and ends where it is done, given away, or not to be seen.
OVER = Machine(
    "over",
    "idle",
    (
        Move("idle", "begin", "owed"),
        *(Move("owed", mark, "done") for mark in ("stop", "release", "escape", "hand_on", "unknown")),
    ),
    (Wrong("owed", RETURN, "owed"),),
)


@dataclass(frozen=True, slots=True)
class Over:
    """What is asked: the ways over the branch `label` of the node `turn` that pass none of `blocked`; `sometimes` are calls on
    some ways of which the thing is given back, `zero` is the call that takes it only where it returns zero, "" where it says so
    otherwise."""

    turn: int
    label: str
    blocked: frozenset[int]
    name: str
    zero: str = ""
    nodes: tuple[int, ...] = ()
    sometimes: tuple[Event, ...] = field(default=(), compare=False, repr=False)


def over(
    taking: Taking, blocked: frozenset[int], sometimes: tuple[Event, ...] = (), *, turn: int = -1, label: str = ""
) -> Over:
    """The question for a taking, or for another node behind it."""
    nodes = tuple(event.node for event in sometimes)
    if turn not in (-1, taking.node):
        return Over(turn, label, blocked, taking.name, "", nodes, sometimes)
    zero = taking.callee if taking.zero else ""
    return Over(taking.node, "" if zero else taking.label, blocked, taking.name, zero, nodes, sometimes)


@lru_cache(maxsize=32)  # one holds some 75 kB
def explored(graph: Graph, given: Facts, asked: Over) -> Exploration:
    """Every way over the turn; a branch that tells that nothing was taken ends it."""
    events: dict[int, list[Event]] = {}
    for event in asked.sometimes:
        events.setdefault(event.node, []).append(event)
    for number in asked.blocked:
        events.setdefault(number, []).append(_step(number, "stop"))
    turns = {(asked.turn, asked.label): "begin"} if asked.label else {}
    if not asked.label:
        events.setdefault(asked.turn, []).append(_beginning(graph, asked))
    for number, node in enumerate(graph.nodes):
        good = good_label(node, asked.name) if node.kind == "condition" else ""
        turns |= {
            (number, word): "stop" for _, word in node.successors if good and word != good and number != asked.turn
        }
    returned = (text for number, node in enumerate(graph.nodes) for text in (node.returned, spelled(graph, number)))
    told = frozenset(word for text in returned for word in _WORD.findall(text))
    steps = {number: tuple(every) for number, every in events.items()}
    return explore(Question(graph, OVER, steps, OVER.start, known=given, kept=told, turns=turns))


@lru_cache(maxsize=256)
def spelled(graph: Graph, number: int) -> str:
    """The call whose value a return hands back by way of a variable that is set right ahead of it, `ret = to_code(err); return
    ret;`; "" for none."""
    variable = graph.nodes[number].returned if graph.nodes[number].kind == "return" else ""
    seen = {number}
    while variable.isidentifier():
        before = graph.ahead_of(number)
        if len(before) != 1 or before[0] in seen:
            return ""
        number = before[0]
        seen.add(number)
        if rights := [a.right for a in graph.nodes[number].assignments if a.left == variable and a.operator == "="]:
            return rights[-1] if _CALL.fullmatch(rights[-1]) else ""
    return ""


def _beginning(graph: Graph, asked: Over) -> Event:
    """The step that takes the thing; of a call that returns an error it takes none."""
    plain = _step(asked.turn, "begin")
    call = next((call for call in graph.nodes[asked.turn].calls if call.callee == asked.zero), None)
    if call is None:
        return plain

    def outcome(state: str, _facts: Facts) -> Outcome:
        return Outcome((Exit(OVER.after(state, ("begin",)), Result(ZERO, "0")), Exit(state, Result(NEGATIVE))))

    return Event(asked.turn, call.line, call, f"{call.callee}()", outcome)


def _step(number: int, mark: str) -> Event:
    """A step that always does the same."""
    return Event(number, 0, None, mark, lambda state, _facts: Outcome((Exit(OVER.after(state, (mark,))),)), (mark,))


def good_label(node: Node, name: str) -> str:
    """The label of a test of a pointer that means "there is one", "" when it tests something else."""
    place = re.escape(name)
    text = node.tested(name)
    if re.fullmatch(rf"{place}|{place} != NULL", text):
        return "true"
    # A value entry of the page cache stands for a page that is not there: nothing was locked.
    if re.fullmatch(rf"{place} == NULL|(?:IS_ERR(?:_OR_NULL)?|xa_is_value) ?\({place}\)", text):
        return "false"
    return ""
