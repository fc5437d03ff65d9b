"""A duty of `unlocks` or `writeback` -> Breaks, each deletes a call that discharges it on a path."""

from __future__ import annotations

from collections.abc import Iterator

from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.corpus.mutants.detour_mutations import early_returns, guarded, released_otherwise, too_early
from cocci_gen.corpus.mutants.mutations import Body, Bound, Break, deleted, reached
from cocci_gen.corpus.mutants.release_mutations import release_breaks
from cocci_gen.corpus.mutants.slip_mutations import Kept, wrong_labels
from cocci_gen.facts.calls.page_calls import call_vocabulary
from cocci_gen.facts.calls.page_places import aliases, is_alias
from cocci_gen.facts.pages.pages import Touch
from cocci_gen.kinds.exits.delegates import stopping
from cocci_gen.kinds.exits.loops import LoopRule
from cocci_gen.kinds.exits.rule import ExitRule
from cocci_gen.kinds.page_duty import PageDuty


def exit_breaks(rule: ExitRule, bound: Bound) -> Iterator[Break]:
    """Deletions in the method itself, in a function that it hands its duty on to, and in a helper that does it for it."""
    duties, _ = rule.duties(bound.obligation, bound.facts)
    for duty in duties:
        if any("take" in touch.marks for touch in duty.touches) or len(duty.chain) > 1:
            continue
        yield from _own(rule, bound, duty)
        if not duty.chain:
            yield from _helpers(rule, bound, duty)


def loop_breaks(rule: LoopRule, bound: Bound) -> Iterator[Break]:
    """The redirty or the start of writeback deleted in the body of a loop over dirty folios, or in what it calls for each."""
    duties, _ = rule.duties(bound.obligation, bound.facts)
    for duty in duties:
        text = bound.facts.index.text(duty.definition.path)
        body = Body(duty.definition, text)
        kept = frozenset(touch.node for touch in duty.touches if touch.marks & {"start", "redirty"})
        for touch in duty.touches:
            if touch.callee in call_vocabulary().marks and touch.marks & {"start", "redirty"}:
                if not _left(duty.graph, touch.node, kept - {touch.node}, duty.starts):
                    continue  # something that every way passes does it again
                for statement in body.calls(touch.callee, touch.line):
                    yield deleted(duty.definition, text, statement, deep=bool(duty.chain))


def _left(graph: Graph, number: int, others: frozenset[int], starts: tuple[int, ...] = ()) -> bool:
    """Whether a way from a node leaves the function, or comes to the next page, by none of the others."""
    behind = reached(graph, (number,), others)
    return not behind.isdisjoint(starts) or any(graph.nodes[n].kind == "return" for n in behind)


def _own(rule: ExitRule, bound: Bound, duty: PageDuty) -> Iterator[Break]:
    text = bound.facts.index.text(duty.definition.path)
    body = Body(duty.definition, text)
    kept = _kept(rule, duty, body)
    yield from wrong_labels(kept)
    yield from early_returns(kept)
    for touch in _discharging(rule, duty.touches):
        if _decides(rule, duty, touch.node):
            for statement in body.calls(touch.callee, touch.line):
                yield deleted(
                    duty.definition, text, statement, deep=bool(duty.chain), plain=_plain(rule, duty, touch.node)
                )
                yield from guarded(kept, statement, frozenset({touch.node}))
                yield from released_otherwise(kept, statement, frozenset({touch.node}))
            if rule.kind == "unlocks" and not duty.chain and not duty.starts:
                yield from release_breaks(bound, duty, touch)
        if rule.kind == "writeback" and "start" in touch.marks:
            yield from _unlocked_first(duty, kept, touch)


def _unlocked_first(duty: PageDuty, kept: Kept, touch: Touch) -> Iterator[Break]:
    """The release that comes straight behind a start of writeback, put in front of it."""
    ahead = set(duty.graph.straight(touch.node)) - {touch.node}
    for begun in kept.body.calls(touch.callee, touch.line):
        for other in duty.touches:
            if other.node in ahead and other.marks == {"release"} and other.callee in call_vocabulary().marks:
                for release in kept.body.calls(other.callee, other.line):
                    yield from too_early(kept, release, begun)


def _kept(rule: ExitRule, duty: PageDuty, body: Body) -> Kept:
    """The duty as what is kept from its beginning to what discharges it."""
    gives = frozenset(touch.node for touch in stopping(rule, duty))

    def fails(number: int, _jump: int) -> bool:
        ends = {number} | reached(duty.graph, (number,), gives)
        texts = [duty.graph.nodes[n].text for n in ends if duty.graph.nodes[n].kind == "return"]
        return len(texts) == 1 and not any(value in texts[0] for value in rule.exempt)

    takes = frozenset(duty.starts or (0,))
    return Kept(duty.definition, duty.graph, body, takes, gives, fails, deep=bool(duty.chain))


def _discharging(rule: ExitRule, touches: tuple[Touch, ...]) -> list[Touch]:
    return [touch for touch in touches if touch.callee in call_vocabulary().marks and touch.marks & rule.owed]


def _decides(rule: ExitRule, duty: PageDuty, number: int) -> bool:
    """Whether a call stands on a path to a return on which nothing else discharges the duty.

    A release must lead to one return only, and not be the only one of a method: that would break more than one path.
    """
    graph, starts = duty.graph, duty.starts or (0,)
    others = frozenset(touch.node for touch in stopping(rule, duty)) - {number}
    if number not in reached(graph, starts, others):
        return False
    behind = reached(graph, (number,), others | set(duty.starts))
    returns = [graph.nodes[node].text for node in behind if graph.nodes[node].kind == "return"]
    broken = [text for text in returns if not any(value in text for value in rule.exempt)]
    if rule.kind == "unlocks" and not duty.chain:
        return bool(others) and len(returns) == len(broken) == 1
    return bool(broken)


def _plain(rule: ExitRule, duty: PageDuty, number: int) -> bool:
    """Whether a call is the release of an error path: no path that has done its duty comes there or to the return behind it, and
    that return is not the last one of the function with 0 for success."""
    graph = duty.graph
    others = frozenset(touch.node for touch in stopping(rule, duty)) - {number}
    ends = {n for n in reached(graph, (number,), others) if graph.nodes[n].kind == "return"}
    if rule.kind != "unlocks" or (ends | {number}) & reached(graph, tuple(others), frozenset(duty.starts)):
        return False
    last = max(node.line for node in graph.nodes if node.kind == "return")
    return any(graph.nodes[n].line != last or graph.nodes[n].text not in ("return 0;", "return;", "") for n in ends)


def _helpers(rule: ExitRule, bound: Bound, duty: PageDuty) -> Iterator[Break]:
    index, vocabulary = bound.facts.index, call_vocabulary()
    for touch in duty.touches:
        if not touch.marks & rule.owed or touch.callee in vocabulary.marks or not _decides(rule, duty, touch.node):
            continue
        definitions = index.resolve(touch.callee, duty.definition.path)
        call = next((c for c in duty.graph.nodes[touch.node].calls if c.callee == touch.callee), None)
        graph = index.graph(definitions[0]) if len(definitions) == 1 else None
        if call is None or graph is None or definitions[0] == duty.definition:
            continue
        places = [n for n, argument in enumerate(call.arguments) if is_alias(argument, duty.aliases, vocabulary)]
        if len(places) == 1 and places[0] < len(graph.parameters):
            names = aliases(graph, graph.parameters[places[0]].name)
            found = bound.facts.effects.touches(graph, definitions[0].path, names)
            text = index.text(definitions[0].path)
            body = Body(definitions[0], text)
            for one in _discharging(rule, found):
                others = frozenset(t.node for t in found if t.marks & rule.stops) - {one.node}
                if one.node not in reached(graph, (0,), others) or not _left(graph, one.node, others):
                    continue
                for statement in body.calls(one.callee, one.line):
                    yield deleted(definitions[0], text, statement, deep=True)
