"""The kind `must_call`, "a return is reached without the call that the method owes".

What each method owes, and on which of its paths, is data (owed.toml).  A callee that may come to the call within a
few calls ends a path, and so does one that is handed a parameter of the method and cannot be seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from cocci_gen.coccinelle.smpl import SemanticPatch, render
from cocci_gen.code.graphs.control_flow import Call, Graph, Node
from cocci_gen.code.searches.paths import NoPath, Path, find_path
from cocci_gen.code.states.known import Facts, may_be_nonzero, may_be_zero
from cocci_gen.document.obligations import Obligation
from cocci_gen.facts.calls.page_places import aliases
from cocci_gen.facts.calls.reach import NotReached, Reached, Sought, call_reach, member_of
from cocci_gen.facts.calls.steps import Step
from cocci_gen.facts.tree.definitions import Definition, Implementation
from cocci_gen.findings.findings import Confidence, Doubt, NoFix
from cocci_gen.kinds.branches import branch_steps, last_branch
from cocci_gen.kinds.calls.hidden import hides
from cocci_gen.kinds.calls.owed import Owed, Paths, Success, closed_folders, owed_calls
from cocci_gen.kinds.duties import Duty, TreeFacts, Unexamined, bound_graph, implementations_of, parted, registrations
from cocci_gen.kinds.suspects import Place, StarringRule, Suspect, Told, finding_of

_NAME = re.compile(r"[A-Za-z_]\w*")
_FAILS = re.compile(r"-E[A-Z0-9]+|-\d+|(?:PTR_ERR|ERR_PTR) ?\(.*\)")
_FALSE = frozenset({"0", "false", "NULL"})


@dataclass(frozen=True, slots=True)
class Stop:
    """A node behind which the call may have been made: the callee ("" for an assignment), and why."""

    node: int
    callee: str
    words: str


@dataclass(frozen=True, slots=True)
class OwedCallDuty(Duty):
    """A method, what it owes, and where it may do it."""

    owed: Owed
    stops: tuple[Stop, ...]


@dataclass(frozen=True, slots=True)
class RequiredCallRule(StarringRule[OwedCallDuty, int]):
    """The kind `must_call`."""

    kind: str = "must_call"

    def duties(
        self, obligation: Obligation, facts: TreeFacts
    ) -> tuple[tuple[OwedCallDuty, ...], tuple[Unexamined, ...]]:
        """The methods with a return that no such call certainly precedes."""
        binding = (owed for owed in owed_calls() if owed.binds(obligation))
        duties, missing = parted(duty for owed in binding for duty in _duties(obligation, owed, facts))
        return tuple(duty for duty in duties if any(_breaks(duty))), missing

    def semantic_patch(self, duty: OwedCallDuty) -> SemanticPatch:
        """SmPL that stars every return which no stopping call precedes."""
        return render(self.kind, duty.obligation.id, _context(duty))

    def places(self, duty: OwedCallDuty) -> Iterator[Place[int]]:
        """The exits that do not fail."""
        for number, node in enumerate(duty.graph.nodes):
            if _is_exit(duty, number):
                yield Place(number, (node.line,), number)

    def known(self, duty: OwedCallDuty, places: list[Place[int]]) -> list[Place[int]]:
        """The exits to which a way leads without the call."""
        breaks = set(_breaks(duty)) if places else ()
        return [place for place in places if place.what in breaks]

    def suspect(self, duty: OwedCallDuty, place: Place[int], text: str) -> Suspect:
        """What is missing at one of them."""
        return _suspect(duty, place.what, text)

    def judge(self, duty: OwedCallDuty, lines: Iterable[int], text: str) -> tuple[Suspect, ...]:
        """A suspect for every starred exit; one for a method that never does it."""
        suspects = StarringRule.judge(self, duty, lines, text)
        return suspects[-1:] if duty.owed.paths is Paths.SOMEWHERE else suspects

    def again(self, duty: OwedCallDuty, definition: Definition, graph: Graph, facts: TreeFacts) -> OwedCallDuty:
        """The duty as it stands in an edited file, whose function is `graph`."""
        edited = replace(duty, definition=definition, graph=graph)
        return replace(edited, stops=tuple(_stops(edited, facts)))


def _duties(obligation: Obligation, owed: Owed, facts: TreeFacts) -> Iterator[OwedCallDuty | Unexamined]:
    implementations, lost = implementations_of(obligation, facts.index)
    yield from lost
    beside = {(entry.path, entry.variable) for method in owed.beside for entry in facts.index.entries(method)}
    for implementation in implementations:
        if implementation.definition.name in {*obligation.names, *owed.also}:
            continue  # the generic one itself
        if not owed.beside or any((entry.path, entry.variable) in beside for entry in implementation.entries):
            yield from _duty(obligation, owed, implementation, facts)


def _duty(
    obligation: Obligation, owed: Owed, implementation: Implementation, facts: TreeFacts
) -> Iterator[OwedCallDuty | Unexamined]:
    definition = implementation.definition
    graph = bound_graph(obligation, definition, facts.index)
    if isinstance(graph, Unexamined):
        yield graph
    else:
        duty = OwedCallDuty(obligation, definition, graph, registrations(implementation.entries), (), owed, ())
        yield replace(duty, stops=tuple(_stops(duty, facts)))


def _target(duty: OwedCallDuty) -> Sought:
    names = frozenset(duty.obligation.names) | duty.owed.also
    return Sought(names - duty.owed.writes, duty.owed.writes, closed_folders(), duty.owed.paths.depth, duty.owed.given)


def _stops(duty: OwedCallDuty, facts: TreeFacts) -> Iterator[Stop]:
    target = _target(duty)
    reach = call_reach(facts.index)
    given = {parameter.name for parameter in duty.graph.parameters if parameter.name}
    about = _about(duty)
    for number, node in enumerate(duty.graph.nodes):
        found = reach.of_node(node, duty.definition.path, target)
        if about and isinstance(found, Reached):
            chains = (reach.of_given(call, duty.definition.path, about, target) for call in node.calls)
            steps = next((chain for chain in chains if chain is not None), None)
            found = Reached(steps) if steps else NotReached("")
        if isinstance(found, Reached):
            words = " -> ".join(step.note for step in found.steps)
            yield Stop(number, _callee(node, found), words)
            continue
        if found.unparsed:
            yield Stop(number, _direct(node), f"{found.unparsed}() did not parse and may hide it")
        for call in node.calls if duty.owed.paths is not Paths.SOMEWHERE else ():
            if reason := hides(call, given, facts, duty.definition.path, target):
                yield Stop(number, call.callee, reason)


def _about(duty: OwedCallDuty) -> frozenset[str]:
    """The names of the object that the owed call must be given; none where any call counts."""
    own = [p.name for p in duty.graph.parameters if p.type == f"struct {duty.owed.about} *"]
    return aliases(duty.graph, own[0]) if own else frozenset()


def _callee(node: Node, found: Reached) -> str:
    """The callee of the node that leads there, "" when an assignment of the node itself does it."""
    return next((call.callee for call in node.calls if call.callee in found.steps[0].note), "")


def _direct(node: Node) -> str:
    return next((call.callee for call in reversed(node.calls) if call.direct), "")


# Which exits break it.


def _is_exit(duty: OwedCallDuty, number: int) -> bool:
    """Whether a node is one at which the call is owed: a return, or a call before which it must have been made."""
    node = duty.graph.nodes[number]
    if duty.owed.paths is Paths.BEFORE:
        return _late_call(duty, node) is not None
    if node.kind != "return":
        return False
    value = node.returned
    if duty.owed.paths is not Paths.SUCCESS:
        return True
    if _FAILS.fullmatch(value) or duty.owed.fails.fullmatch(value):
        return False
    return duty.owed.success is not Success.TRUE or value not in _FALSE


def _late_call(duty: OwedCallDuty, node: Node) -> Call | None:
    """The call of a node that comes too late without the owed one."""
    owed = duty.owed
    return next(
        (
            call
            for call in node.calls
            if call.callee in owed.before or any(set(re.findall(r"\w+", one)) & owed.flags for one in call.arguments)
        ),
        None,
    )


def _succeeds(duty: OwedCallDuty, number: int, facts: Facts) -> bool:
    """Whether the value returned may be a success with what is known there."""
    value = duty.graph.nodes[number].returned
    if duty.owed.paths is not Paths.SUCCESS or not _NAME.fullmatch(value):
        return True
    return may_be_nonzero(facts, value) if duty.owed.success is Success.TRUE else may_be_zero(facts, value)


def _way(duty: OwedCallDuty, number: int) -> Path | NoPath:
    blocked = {stop.node for stop in duty.stops}
    if number in blocked:
        return NoPath(exhausted=True)

    def refused(node: Node, label: str) -> bool:
        return any(label == when and text.fullmatch(node.text) for text, when in duty.owed.moot)

    return find_path(duty.graph, number, blocked, refused=refused, accept=lambda facts: _succeeds(duty, number, facts))


def _breaks(duty: OwedCallDuty) -> Iterator[int]:
    """The exits to which a way leads; none when the method only has to do it somewhere and may do so."""
    if duty.owed.paths in (Paths.SOMEWHERE, Paths.BEFORE):
        text = " ".join((duty.graph.name, *(node.text for node in duty.graph.nodes)))
        done = bool(duty.stops) and duty.owed.paths is Paths.SOMEWHERE
        if done or not duty.owed.only.search(text):
            return
    exits = [
        number
        for number in range(len(duty.graph.nodes))
        if _is_exit(duty, number) and isinstance(_way(duty, number), Path)
    ]
    yield from exits[-1:] if duty.owed.paths is Paths.SOMEWHERE else exits


def _context(duty: OwedCallDuty) -> dict[str, object]:
    names = sorted(set(duty.obligation.names) - duty.owed.writes)
    stops = sorted({stop.callee for stop in duty.stops if re.fullmatch(r"\w+", stop.callee)} - set(names))
    late = (_late_call(duty, node) for node in duty.graph.nodes) if duty.owed.paths is Paths.BEFORE else ()
    return {
        "mode": "before" if duty.owed.paths is Paths.BEFORE else "report",
        "late": sorted({call.callee for call in late if call is not None}),
        "obligation": duty.obligation,
        "function": duty.graph.name,
        "names": [name for name in names if name.islower()],
        "stops": stops,
        "members": sorted({member for stop in duty.stops if (member := member_of(stop.callee))}),
        "flags": sorted(word for word in duty.owed.writes if word.isupper()),
    }


# What to say.


def _suspect(duty: OwedCallDuty, number: int, text: str) -> Suspect:
    graph, file = duty.graph, duty.definition.path
    node, path = graph.nodes[number], _way(duty, number)
    branch = last_branch(graph, path)
    conditional = branch.condition and duty.owed.paths is not Paths.SOMEWHERE
    when = f" when `{branch.condition}` is {'true' if branch.taken else 'false'}" if conditional else ""
    reached = Step(file, node.line, f"`{node.text or '}'}` is reached")
    stops = [Step(file, graph.nodes[stop.node].line, f"{stop.words}: not passed on this path") for stop in duty.stops]
    statement = node.text or "the end of the function"
    told = Told(
        line=node.line,
        code=f"{branch.condition}|{branch.taken}|{node.text}|{duty.owed.says}",
        message=f"{graph.name}() {duty.owed.says}{when}",
        breach=branch.breach(statement, duty.obligation.names, duty.obligation.resource, ""),
        evidence=(*branch_steps(graph, path, file), reached, *stops),
        doubts=tuple(_why_lower(duty, number, path)),
    )
    return Suspect(finding_of(duty, told, text), path, NoFix("where the call belongs is for a person to decide"))


def _why_lower(duty: OwedCallDuty, number: int, path: Path | NoPath) -> Iterator[Doubt]:
    if duty.owed.confidence is not Confidence.HIGH:
        yield duty.owed.confidence, f"the most that a finding about {duty.obligation.short} can have"
    if not duty.graph.whole:
        yield Confidence.MODERATE, f"a part of {duty.graph.name}() did not parse"
    if any({number, stop.node} <= duty.graph.behind((stop.node,)) for stop in duty.stops):
        yield Confidence.LOW, "the call is made in a loop, which this path does not enter"
    if duty.owed.paths is Paths.SUCCESS and duty.graph.nodes[number].calls:
        yield Confidence.MODERATE, "what the callee returns was not looked into"
    for decision in path.decisions if isinstance(path, Path) else ():
        test = duty.graph.nodes[decision.node].text
        if duty.owed.doubtful.search(test):
            yield Confidence.LOW, f"`{test}` may have only one outcome once the other tests are done"
