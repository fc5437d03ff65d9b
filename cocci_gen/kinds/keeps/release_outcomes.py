"""A call that may unlock the page it is given -> ReleaseOutcome, with what results it returns then.

`helper(page, true)` may never come to the unlock in it, and `err = helper(page)` may only when it fails.  Asked is the control
flow of the callee, with the constants that the call passes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from enum import Flag, auto

from cocci_gen.code.control_flow import Call, Graph, Node
from cocci_gen.code.paths import Facts, given_to, may_be_nonzero, may_be_zero, nonzero, refuted
from cocci_gen.code.turns import Turn, way_over
from cocci_gen.facts.index import Definition
from cocci_gen.facts.pages import Effects, Touch, aliases, call_vocabulary, is_alias

#: Calls deep that are looked into; what lies deeper may be anything.
DEPTH = 3


class ReleaseOutcome(Flag):
    """The results with which a call may return having unlocked the page; none: it does not unlock it."""

    NEVER = 0
    ZERO = auto()
    NONZERO = auto()
    ANY = ZERO | NONZERO


def outcome_of(call: Call, path: str, names: Collection[str], effects: Effects, depth: int = DEPTH) -> ReleaseOutcome:
    """With what results a call that is given the page known by `names` returns after an unlock."""
    if not call.direct or call.callee in call_vocabulary().marks or depth == 0:
        return ReleaseOutcome.ANY
    positions = [place for place, text in enumerate(call.arguments) if is_alias(text, names, call_vocabulary())]
    found = ReleaseOutcome.NEVER
    for definition in effects.index.resolve(call.callee, path):
        for position in positions:
            found |= _inside(definition, position, call, effects, depth)
    return found


def _inside(definition: Definition, position: int, call: Call, effects: Effects, depth: int) -> ReleaseOutcome:
    graph = effects.index.graph(definition)
    if graph is None or not graph.whole or position >= len(graph.parameters):
        return ReleaseOutcome.ANY
    name = graph.parameters[position].name
    if any(assignment.left == name for assignment in graph.assignments()):
        return ReleaseOutcome.ANY
    names = aliases(graph, name)
    touches = [t for t in effects.touches(graph, definition.path, names) if "release" in t.marks]
    given = given_to(graph, call.arguments)
    told = {place: constant for place, _, constant in given}
    known = (*given, *nonzero(name))
    found = ReleaseOutcome.NEVER
    for touch in touches:
        inner = [_with(one, told) for one in graph.nodes[touch.node].calls if one.callee == touch.callee]
        if all(outcome_of(one, definition.path, names, effects, depth - 1) is ReleaseOutcome.NEVER for one in inner):
            continue
        for number, node in enumerate(graph.nodes):
            if node.kind == "return":
                turn = Turn(touch.node, "", number, frozenset())
                found |= _results(graph, turn, known)
    return found


def _results(graph: Graph, turn: Turn, known: Facts) -> ReleaseOutcome:
    """The results of one return that is reached over an unlock."""
    found = ReleaseOutcome.NEVER
    for one in (ReleaseOutcome.ZERO, ReleaseOutcome.NONZERO):

        def accept(facts: Facts, one: ReleaseOutcome = one) -> bool:
            return _may_be(graph.nodes[turn.target].returned, one, facts)

        if not refuted(way_over(graph, turn, known=known, accept=accept)):
            found |= one
    return found


def _with(call: Call, told: Mapping[str, str]) -> Call:
    """A call with the constants in the place of the parameters that hold them."""
    return replace(call, arguments=tuple(told.get(text, text) for text in call.arguments))


def _may_be(value: str, outcome: ReleaseOutcome, facts: Facts) -> bool:
    if re.fullmatch(r"0|NULL|false", value):
        return outcome is ReleaseOutcome.ZERO
    if re.fullmatch(r"-E[A-Z0-9]+|-?[1-9]\d*|true|ERR_PTR\(.*\)", value):
        return outcome is ReleaseOutcome.NONZERO
    if not re.fullmatch(r"[a-z_]\w*", value):
        return True
    return may_be_zero(facts, value) if outcome is ReleaseOutcome.ZERO else may_be_nonzero(facts, value)


def turn_over(touch: Touch, node: Node, outcome: ReleaseOutcome, target: int, blocked: frozenset[int]) -> Turn:
    """The turn over an unlock by a call with this outcome, knowing what the call has returned then."""
    assumed, label = ("", True), ""
    if outcome in (ReleaseOutcome.ZERO, ReleaseOutcome.NONZERO):
        truth = outcome is ReleaseOutcome.NONZERO
        given = [a.left for a in node.assignments if a.right.startswith(f"{touch.callee}(") and a.operator == "="]
        if node.kind == "condition" and re.fullmatch(rf"\(*(?:\w+ = )?{touch.callee}\(.*\)+", node.text):
            label = "true" if truth else "false"
        elif node.kind == "statement" and given and re.fullmatch(r"[A-Za-z_]\w*", given[0]):
            assumed = (given[0], truth)
    return Turn(touch.node, label, target, blocked, *assumed)
