"""Bound -> Breaks of what a function took or was given itself: kept on a way that fails, given back twice, not ended.

A release is deleted that a failing return needs, in a method or in a helper of its folder: of a page, a buffer head, an inode, a
dentry, one of them or a loop over an array, be it taken by a function of the file system; of a lock, of protection against
freezing.  A request that was to be ended is not, on one way.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.corpus.mutants.detour_mutations import early_returns, guarded, once_more, released_otherwise
from cocci_gen.corpus.mutants.mutations import Body, Bound, Break, deleted, inserted, reached
from cocci_gen.corpus.mutants.partial_mutations import partial_breaks
from cocci_gen.corpus.mutants.places import near_callees
from cocci_gen.corpus.mutants.slip_mutations import Kept, misgiven, moved, turned_round, wrong_labels
from cocci_gen.document.readings import Mode
from cocci_gen.facts.calls.page_calls import call_vocabulary
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.kinds.page_duty import resource_parameter
from cocci_gen.kinds.takes.ended import EndedRule
from cocci_gen.kinds.takes.judged.bound import bound_functions
from cocci_gen.kinds.takes.rule import GivesBackRule
from cocci_gen.kinds.takes.words.sorts import State, states
from cocci_gen.kinds.takes.words.texts import called_names
from cocci_gen.kinds.takes.words.things import Thing, things

_ERROR = re.compile(r"-E[A-Z]|ERR_PTR|PTR_ERR|VM_FAULT_(?:SIGBUS|OOM)")
_PLACE = re.compile(r"[A-Za-z_]\w*(?:\[[^\[\]]*\])?")
_TYPED = re.compile(r"\b(?:int|long|ssize_t|loff_t|vm_fault_t)$|\*$")


def take_breaks(_: GivesBackRule, bound: Bound) -> Iterator[Break]:
    """What a function took, kept when it fails, or given back once more."""
    if bound.obligation.kind != GivesBackRule().kind:
        return
    found, _lost = bound_functions(bound.obligation, bound.facts)
    for one in found:
        graph = bound.facts.index.graph(one.definition)
        if graph is not None and graph.whole:
            called, deep = {call.callee for call in graph.calls()}, bool(one.chain)
            for thing in things().values():
                if thing.word not in bound.obligation.names and not called.isdisjoint(_released(thing)):
                    yield from _kept(bound, one.definition, graph, thing, deep=deep)
            for state in states():
                if not called.isdisjoint(state.release):
                    yield from _held(bound, one.definition, graph, state, deep=deep)


def _released(thing: Thing) -> frozenset[str]:
    """The functions that give a thing back."""
    return thing.releases or frozenset(n for n, m in call_vocabulary().marks.items() if "release" in m)


def _held(bound: Bound, target: Definition, graph: Graph, state: State, *, deep: bool) -> Iterator[Break]:
    """A lock or a protection that a function took for certain, kept on a way that fails, where others release it."""
    text = bound.facts.index.text(target.path)
    body = Body(target, text)
    taken = {place.removeprefix("&") for place in _taken_of(graph, state)}
    for number, node in enumerate(graph.nodes):
        for call in node.calls:
            if call.callee not in state.release or not call.arguments:
                continue
            takes, own = (
                frozenset(n for n, c in _of_same(graph, call, names) if n != number)
                for names in (state.thing.taking, state.release)
            )
            if not takes or not own or number not in reached(graph, tuple(takes), own):
                continue
            if _fails_behind(graph, number, own | takes, takes):
                yield from (deleted(target, text, one, deep=deep) for one in body.calls(call.callee, call.line))
                kept = _kept_here(target, graph, body, takes, own | {number}, deep=deep)
                others = taken - {call.arguments[0].removeprefix("&")}
                yield from _slips(kept, call, number, others)


def _kept_here(
    target: Definition, graph: Graph, body: Body, takes: frozenset[int], gives: frozenset[int], *, deep: bool
) -> Kept:
    def fails(number: int, jump: int) -> bool:
        return _fails_from(graph, number, jump, gives | takes, takes)

    return Kept(target, graph, body, takes, gives, fails, deep)


def _slips(
    kept: Kept, call: Call, number: int, others: Collection[str], types: frozenset[str] = frozenset()
) -> Iterator[Break]:
    """What a slip makes of the releases on a line, and of the jumps to them."""
    yield from wrong_labels(kept)
    yield from early_returns(kept)
    for release in kept.body.calls(call.callee, call.line):
        yield from moved(kept, release)
        yield from misgiven(kept, release, others)
        yield from guarded(kept, release, frozenset({number}))
        yield from released_otherwise(kept, release, frozenset({number}))
        yield from partial_breaks(kept, release, types)


def _taken_of(graph: Graph, state: State) -> Iterator[str]:
    """What a function takes a state of for certain, as it writes it."""
    for call in graph.calls():
        if call.callee in state.thing.taking and call.arguments:
            yield call.arguments[0]


def _of_same(graph: Graph, call: Call, names: frozenset[str]) -> Iterator[tuple[int, Call]]:
    """The calls of some functions that are given what a call is given."""
    for number, node in enumerate(graph.nodes):
        for one in node.calls:
            if one.callee in names and one.arguments[:1] == call.arguments[:1]:
                yield number, one


def _kept(bound: Bound, target: Definition, graph: Graph, thing: Thing, *, deep: bool) -> Iterator[Break]:
    text = bound.facts.index.text(target.path)
    body = Body(target, text)
    released = _released(thing)
    takes = _taking(graph, thing, _getters(bound, target, graph, thing))
    for number, node in enumerate(graph.nodes):
        for call in node.calls:
            place = call.arguments[0] if call.arguments else ""
            base = place.partition("[")[0]
            if call.callee not in released or not _PLACE.fullmatch(place) or base not in takes:
                continue
            own = frozenset(n for n, o in enumerate(graph.nodes) for c in o.calls if _is_of(c, released, base)) - {
                number
            }
            if number not in reached(graph, tuple(takes[base]), own):
                continue
            if not _fails_behind(graph, number, own | takes[base], takes[base]):
                continue
            kept = _kept_here(target, graph, body, takes[base], own | {number}, deep=deep)
            yield from turned_round(kept, base)
            yield from _slips(kept, call, number, set(takes) - {base}, thing.types)
            yield from once_more(kept)
            for statement in body.calls(call.callee, call.line):
                yield deleted(target, text, statement, deep=deep)
                if not statement.needed and "[" not in place:
                    twice = inserted(target, statement, statement.text, deep=deep)
                    yield Break(
                        target, twice.start, twice.end, twice.text, f"given back twice: {twice.words}", deep=deep
                    )


def _getters(bound: Bound, target: Definition, graph: Graph, thing: Thing) -> frozenset[str]:
    """The functions of the folder that a function calls, return such a thing and take one themselves, by their text."""
    index, found = bound.facts.index, set()
    folder = target.path.rpartition("/")[0]
    for name in {call.callee for call in graph.calls() if call.direct} - thing.returning:
        for one in index.definitions_in(name, folder):
            head, _, body = index.text(one.path)[one.span.start : one.span.end].partition(b"{")
            typed = re.search(rb"struct (\w+) ?\*\s*(?:\w+\s+)?" + name.encode() + rb"\b", head)
            if typed and typed[1].decode() in thing.types and not called_names(body).isdisjoint(thing.returning):
                found.add(name)
    return frozenset(found)


def _taking(graph: Graph, thing: Thing, getters: frozenset[str]) -> dict[str, frozenset[int]]:
    """Name (an array without its index) -> the nodes that take a thing under it, which nothing else is put under."""
    found: dict[str, set[int]] = {}
    parameters = {parameter.name for parameter in graph.parameters}
    for number, node in enumerate(graph.nodes):
        for call in node.calls:
            for one in node.assignments:
                if (
                    (thing.returned(call) or call.callee in getters)
                    and one.operator == "="
                    and one.right.startswith(f"{call.callee}(")
                ):
                    found.setdefault(one.left.partition("[")[0], set()).add(number)
            if call.callee in thing.taking and call.arguments and _PLACE.fullmatch(call.arguments[0]):
                found.setdefault(call.arguments[0].partition("[")[0], set()).add(number)
    return {name: frozenset(n) for name, n in found.items() if name.isidentifier() and name not in parameters}


def _is_of(call: Call, released: frozenset[str], base: str) -> bool:
    """Whether a call gives the thing back, or may: whatever else is given it."""
    given = any(re.match(rf"&?{re.escape(base)}\b", argument) for argument in call.arguments)
    return given and (call.callee in released or not call_vocabulary().is_neutral(call.callee))


def _fails_behind(graph: Graph, number: int, others: frozenset[int], takes: frozenset[int]) -> bool:
    """Whether every return that comes behind a node, and behind nothing else that gives the thing back, tells of a failure (where
    they return a variable: one that was set to an error on the way from the taking)."""
    return _fails(graph, reached(graph, (number,), others), number, others, takes)


def _fails_from(graph: Graph, number: int, jump: int, others: frozenset[int], takes: frozenset[int]) -> bool:
    """The same of a node that may be the return itself, to which a way comes from a jump."""
    return _fails(graph, {number} | reached(graph, (number,), others), jump, others, takes)


def _fails(graph: Graph, behind: Collection[int], number: int, others: frozenset[int], takes: frozenset[int]) -> bool:
    if not _TYPED.search(graph.returns):
        return False
    returns = [graph.nodes[n].returned for n in behind if graph.nodes[n].kind == "return"]
    before = [n for n in reached(graph, tuple(takes), frozenset()) if number in reached(graph, (n,), others)]
    wrong = {a.left for n in (*before, *behind) for a in graph.nodes[n].assignments if _ERROR.search(a.right)}
    return len(returns) == 1 and (_ERROR.search(returns[0]) is not None or returns[0] in wrong)


def ended_breaks(_: EndedRule, bound: Bound) -> Iterator[Break]:
    """The call that ends a request, deleted on a way on which nothing else is given the request."""
    if bound.obligation.mode is not Mode.ENDED:
        return
    yield from _unended(bound, bound.definition, bound.graph, deep=False)
    for call in bound.graph.calls():
        for callee, graph in near_callees(bound, call):
            yield from _unended(bound, callee, graph, deep=True)


def _unended(bound: Bound, target: Definition, graph: Graph, *, deep: bool) -> Iterator[Break]:
    position = resource_parameter(graph, (bound.obligation.resource,))
    if position is None:
        return
    name = graph.parameters[position].name
    text = bound.facts.index.text(target.path)
    body = Body(target, text)
    given = {
        n: [c for c in o.calls if any(re.search(rf"\b{name}\b", a) for a in c.arguments)]
        for n, o in enumerate(graph.nodes)
    }
    for number, calls in given.items():
        for call in calls:
            others = frozenset(n for n, every in given.items() if every) - {number}
            stored = frozenset(
                n for n, o in enumerate(graph.nodes) for a in o.assignments if re.search(rf"\b{name}\b(?!->)", a.right)
            )
            if call.callee not in bound.obligation.names or number not in reached(graph, (0,), others | stored):
                continue
            for statement in body.calls(call.callee, call.line):
                yield deleted(target, text, statement, deep=deep)
