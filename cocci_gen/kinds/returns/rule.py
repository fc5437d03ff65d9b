"""The kind `returns`, "a method returns what its caller cannot take".

Which values are wrong is data (codes.toml).  A function whose result a method returns as it is (`return g(...);`) is
looked at under the same obligation.  Only values that the path search proves are reported: a constant, or a variable that must
hold a wrong one where it is returned.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from cocci_gen.coccinelle.smpl import SemanticPatch, render
from cocci_gen.coccinelle.words import UNDECLARABLE
from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.code.searches.paths import Path, refuted
from cocci_gen.document.obligations import Obligation
from cocci_gen.facts.calls.steps import Step
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.findings.findings import Registration
from cocci_gen.kinds.branches import last_branch
from cocci_gen.kinds.duties import TreeFacts, Unexamined, bound_graph, implementations_of, registrations
from cocci_gen.kinds.returns.answers import Answered, answered
from cocci_gen.kinds.returns.candidates import (
    Candidate,
    bare_value,
    candidates,
    cast_types,
    plain,
)
from cocci_gen.kinds.returns.codes import Code, codes
from cocci_gen.kinds.returns.duty import ValueDuty
from cocci_gen.kinds.returns.left_out import left_out
from cocci_gen.kinds.returns.precedents import precedent
from cocci_gen.kinds.returns.suspicion import suspect_at
from cocci_gen.kinds.returns.tested_codes import untold_codes
from cocci_gen.kinds.returns.unprepared import at_writeback, interrupted
from cocci_gen.kinds.returns.unset_flags import unset_flags
from cocci_gen.kinds.returns.ways import way_to
from cocci_gen.kinds.suspects import Place, StarringRule, Suspect

#: `return g(...);` is followed this many times.
DEPTH = 3
#: What makes a fault code of an error number, the best first: of a write the one that knows a signal for no error of the page.
_HELPERS = {"page_mkwrite": ("vmf_fs_error", "vmf_error")}
_HELPER = ("vmf_error",)


#: Functions of these headers translate for methods of every sort: what one of those may return binds them not.
_SHARED = "include/"


@dataclass(frozen=True, slots=True)
class ReturnRule(StarringRule[ValueDuty, Candidate]):
    """The kind `returns`."""

    kind: str = "returns"

    def duties(self, obligation: Obligation, facts: TreeFacts) -> tuple[tuple[ValueDuty, ...], tuple[Unexamined, ...]]:
        """The functions with a return that may be wrong, delegates included."""
        found: dict[tuple[Definition, str], ValueDuty] = {}
        missing: list[Unexamined] = []
        for code in codes():
            if code.binds(obligation):
                missing += _collect(obligation, code, facts, found)
        broken = [duty for duty in found.values() if _may_break(duty)]
        sound = _sound(obligation, broken, found.values(), facts)
        known = (_informed(_with_precedent(duty, sound), facts) for duty in broken)
        return tuple(known), tuple(dict.fromkeys(missing))

    def semantic_patch(self, duty: ValueDuty) -> SemanticPatch:
        """SmPL that stars the returns in question, behind the assignment of the wrong value where there is one."""
        context = {"mode": "report", "obligation": duty.obligation, "places": list(_places(duty))}
        return render(self.kind, duty.obligation.id, context)

    def places(self, duty: ValueDuty) -> Iterator[Place[Candidate]]:
        """The returns whose value may be wrong; none that is the same statement elsewhere, where the value is another."""
        for candidate in duty.candidates:
            if not refuted(way_to(duty, candidate)):
                yield Place(candidate.node, (duty.graph.nodes[candidate.node].line,), candidate)

    def known(self, duty: ValueDuty, places: list[Place[Candidate]]) -> list[Place[Candidate]]:
        """The returns to which a way leads with the value."""
        return [place for place in places if isinstance(way_to(duty, place.what), Path)]

    def suspect(self, duty: ValueDuty, place: Place[Candidate], text: str) -> Suspect:
        """What is wrong at one of them."""
        return suspect_at(duty, place.what, text)

    def again(self, duty: ValueDuty, definition: Definition, graph: Graph, facts: TreeFacts) -> ValueDuty:
        """The duty as it stands in an edited file, whose function is `graph`."""
        return _read(replace(duty, definition=definition, graph=graph), facts)


def _sound(
    obligation: Obligation, broken: Sequence[ValueDuty], asked: Iterable[ValueDuty], facts: TreeFacts
) -> list[tuple[str, Graph]]:
    """The functions of the whole tree that break nothing at a wait, though a part of it is asked about: examples are anywhere."""
    every = list(asked)
    if any(duty.code.mends for duty in broken) and facts.index.everywhere is not facts.index:
        wide: dict[tuple[Definition, str], ValueDuty] = {}
        for code in codes():
            if code.mends and code.binds(obligation):
                list(_collect(obligation, code, replace(facts, index=facts.index.everywhere), wide))
        every += wide.values()
    blamed = {duty.definition for duty in every if _may_break(duty) and _breaks_at_a_wait(duty)}
    return [(duty.definition.path, duty.graph) for duty in every if duty.definition not in blamed]


def _with_precedent(duty: ValueDuty, sound: Iterable[tuple[str, Graph]]) -> ValueDuty:
    """The duty with a function of the tree that does what its fix does: another wait of its own, else one of those that do so at
    all their waits: who does it at one and not at the next is no example."""
    if not (duty.code.mends and duty.code.good):
        return duty
    others = ((duty.definition.path, duty.graph), *sorted(sound, key=lambda one: (one[1].name, one[0])))
    return replace(duty, precedent=precedent(others, duty.code.instead))


def _breaks_at_a_wait(duty: ValueDuty) -> bool:
    """Whether a wrong value is returned, for all that is known, because a wait was interrupted."""
    ways = [way_to(duty, candidate) for candidate in duty.candidates]
    return any(
        "_killable" in test if isinstance(way, Path) else not refuted(way)
        for way in ways
        for test in (_branches(duty.graph, way) if isinstance(way, Path) else ("",))
    )


def _branches(graph: Graph, way: Path) -> Iterator[str]:
    """The tests that hold on a way, and the last one, however it came out."""
    yield last_branch(graph, way).condition
    yield from (graph.nodes[one.node].text for one in way.decisions if one.label == "true")


def _informed(duty: ValueDuty, facts: TreeFacts) -> ValueDuty:
    """The duty with what a reader of its fix asks next: what comes of the page, and of a call that a signal ends."""
    if not duty.code.good:
        return duty
    ways = (way_to(duty, candidate) for candidate in duty.candidates)
    missed = {name: None for way in ways if isinstance(way, Path) for name in left_out(duty.graph, way, duty.code.good)}
    path = duty.definition.path
    tests = [node for node in duty.graph.nodes if node.kind == "condition" and duty.code.locked]
    tested = dict.fromkeys(call.callee for node in tests for call in node.calls if call.direct)
    signals = tuple((name, step) for name in tested for step in interrupted(name, path, facts.index))
    return replace(duty, later=at_writeback(path, tuple(missed), facts.index), signals=signals)


def _may_break(duty: ValueDuty) -> bool:
    """Whether the search could not refute every candidate: the others need no semantic patch."""
    return not all(refuted(way_to(duty, candidate)) for candidate in duty.candidates)


def _collect(
    obligation: Obligation, code: Code, facts: TreeFacts, found: dict[tuple[Definition, str], ValueDuty]
) -> Iterator[Unexamined]:
    """Fill `found` with the implementations and the functions whose value they return; yield what cannot be examined."""
    implementations, lost = implementations_of(obligation, facts.index)
    yield from lost
    directories = {(entry.path, entry.variable) for method in code.beside for entry in facts.index.entries(method)}
    todo: list[tuple[Definition, tuple[Registration, ...], tuple[Step, ...]]] = []
    for implementation in implementations:
        entries = [e for e in implementation.entries if not code.beside or (e.path, e.variable) in directories]
        if entries:
            todo.append((implementation.definition, registrations(entries), ()))
    seen: set[Definition] = set()
    while todo:
        definition, registered, chain = todo.pop(0)
        if definition in seen:
            continue
        seen.add(definition)
        graph = bound_graph(obligation, definition, facts.index)
        if isinstance(graph, Unexamined):
            yield graph
            continue
        duty = ValueDuty(obligation, definition, graph, registered, chain, code, (), _served(code, definition, facts))
        duty = _read(duty, facts)
        if duty.candidates:
            helpers = _HELPERS.get(obligation.method, _HELPER)
            helper = next((name for name in helpers if facts.index.definitions(name)), "")
            unset, untold = unset_flags(graph, definition.path, facts.index), untold_codes(definition, graph, facts)
            duty = replace(duty, unset=unset, untold=untold, helper=helper)
        found.setdefault((definition, code.says), duty)
        if code.follows and len(chain) < DEPTH:
            todo += _returned_calls(duty, facts)


def _read(duty: ValueDuty, facts: TreeFacts) -> ValueDuty:
    """The duty with the returns that may be wrong; error numbers of callees count where every one of them is."""
    code, path = duty.code, duty.definition.path
    follows = code.follows and code.is_wrong("-EIO") and code.is_wrong("-ENOMEM")
    read = answered(duty.graph, path, facts.index) if follows else Answered(duty.graph, ())
    theirs = _parameters(duty.graph) if duty.chain else set()
    wrong = tuple(one for one in candidates(code, read.graph) if one.variable not in theirs)
    return replace(duty, candidates=wrong, read=plain(read.graph), given=read.given)


def _served(code: Code, definition: Definition, facts: TreeFacts) -> tuple[str, ...]:
    """The methods of `shared` that some table names the function for."""
    entries = [entry for entry in facts.index.entries_naming(definition.name) if entry.method in code.shared]
    mine = [entry.method for entry in entries if definition in facts.index.resolve(entry.function, entry.path)]
    return tuple(dict.fromkeys(mine))


def _returned_calls(
    duty: ValueDuty, facts: TreeFacts
) -> Iterator[tuple[Definition, tuple[Registration, ...], tuple[Step, ...]]]:
    for node in duty.graph.nodes:
        for call in node.calls[-1:]:
            if (
                node.kind == "return"
                and call.direct
                and re.fullmatch(rf"{re.escape(call.callee)} ?\(.*\)", bare_value(node))
            ):
                step = Step(
                    duty.definition.path, node.line, f"{duty.graph.name}() returns what {call.callee}() returns"
                )
                for definition in facts.index.resolve(call.callee, duty.definition.path)[:3]:
                    if not definition.path.startswith(_SHARED):
                        yield definition, duty.registrations, (*duty.chain, step)


def _parameters(graph: Graph) -> set[str]:
    """The parameters that are never assigned: their value is the caller's business."""
    return {parameter.name for parameter in graph.parameters} - {assignment.left for assignment in graph.assignments()}


def _places(duty: ValueDuty) -> Iterator[dict[str, object]]:
    """What the template stars: a statement, and the assignment that it must come behind ("" when none is known); `declared`
    tells whether SmPL can declare the variable, whose name may be a word of its own."""
    written = {(a.left, a.right) for a in duty.graph.assignments()}
    seen = set()
    for candidate in duty.candidates:
        statement = duty.graph.nodes[candidate.node].text
        if refuted(way_to(duty, candidate)):
            continue
        known = candidate.value if (candidate.variable, candidate.value) in written else ""
        if (key := (statement, candidate.variable, known)) not in seen:
            seen.add(key)
            declared = candidate.variable not in UNDECLARABLE
            types = sorted(cast_types(statement))
            yield {
                "statement": statement,
                "variable": candidate.variable,
                "value": known,
                "declared": declared,
                "types": types,
            }
