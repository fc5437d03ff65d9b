"""VM_FAULT_LOCKED, said of a page that is not locked: `returns_locked` of ->fault and ->page_mkwrite.

The page of a fault comes unlocked (or is none yet), and the code says that the VM is to unlock it.  So every return of that code
must be reached with the lock held, whoever took it: the method, or a function that was given the page or the fault.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from cocci_gen.coccinelle.smpl import SemanticPatch, render
from cocci_gen.code.control_flow import Call, Graph, Node
from cocci_gen.code.explorations import Arrival, Exploration, Stop
from cocci_gen.code.machines import ERROR, POINTER, RETURN, Event, Exit, Machine, Move, Outcome, Result, Wrong
from cocci_gen.code.paths import NEGATIVE, POSITIVE, ZERO, Facts, Path
from cocci_gen.code.search import Question, explore
from cocci_gen.document.obligations import Obligation
from cocci_gen.facts.definitions import Definition
from cocci_gen.facts.page_calls import call_vocabulary
from cocci_gen.facts.page_places import aliases
from cocci_gen.facts.steps import Step
from cocci_gen.facts.summaries import summaries
from cocci_gen.findings.findings import Confidence, Doubt, NoFix, Registration
from cocci_gen.kinds.branches import branch_steps, last_branch
from cocci_gen.kinds.duties import (
    Duty,
    TreeFacts,
    Unexamined,
    bound_graph,
    implementations_of,
    registrations,
)
from cocci_gen.kinds.handovers.contracts import Contract, Says, contracts, says_code
from cocci_gen.kinds.page_duty import resource_parameter
from cocci_gen.kinds.suspects import Place, StarringRule, Suspect, Told, finding_of
from cocci_gen.kinds.unseen import Unfollowed, forgotten, told_of, unseen_returns

_WORD = re.compile(r"[A-Za-z_]\w*")
#: Functions that the fault is passed on through.
_DELEGATIONS = 3

#: A function, who registers it, and how the fault came there.
_Bound = tuple[Definition, tuple[Registration, ...], tuple[Step, ...]]

#: `gone`: the page is another's to lock; `unseen`: what became of the lock nobody can say.
FAULTED = Machine(
    "faulted",
    "free",
    (
        Move("free", "take", "held"),
        Move("held", "release", "free"),
        Move("held", "found", "free"),
        *(Move(state, mark, "gone") for state in ("free", "held") for mark in ("escape", "hand_on", "lost")),
        *(Move(state, "unknown", "unseen") for state in ("free", "held")),
        Move("unseen", "release", "free"),
        Move("unseen", "take", "held"),
    ),
    (Wrong("free", RETURN, "unlocked"),),
)


@dataclass(frozen=True, slots=True)
class FaultDuty(Duty):
    """A function that answers a fault, the names of its page, and what its nodes do to the lock as steps of the machine."""

    contract: Contract
    names: frozenset[str]
    events: Mapping[int, tuple[Event, ...]] = field(default_factory=dict, compare=False, repr=False)

    def explored(self) -> Exploration:
        """Every way through the function; what is returned is remembered to the end."""
        told = frozenset(w for node in self.graph.nodes if node.kind == "return" for w in _WORD.findall(node.returned))
        return explore(Question(self.graph, FAULTED, self.events, FAULTED.start, kept=told))

    def breaches(self, seen: Exploration) -> tuple[Arrival, ...]:
        """To each return the first way that says that an unlocked page is locked."""
        return seen.firsts(lambda one: one.state in FAULTED.open and _says_locked(one))

    def unfollowed(self, seen: Exploration) -> Iterator[Unfollowed]:
        """The returns of the code behind what hides the lock."""
        yield from unseen_returns(self.graph, seen, frozenset({"unseen"}), _says_locked)
        yield from forgotten(self.graph, seen)


def _says_locked(arrival: Arrival) -> bool:
    return says_code(arrival.result.constant) is Says.SUCCESS


@dataclass(frozen=True, slots=True)
class FaultCodeRule(StarringRule[FaultDuty, Arrival]):
    """The kind `returns_locked` for methods that tell by VM_FAULT_LOCKED."""

    kind: str = "returns_locked"

    def duties(self, obligation: Obligation, facts: TreeFacts) -> tuple[tuple[FaultDuty, ...], tuple[Unexamined, ...]]:
        """The methods (and functions that they pass the fault on to) that name the code."""
        contract = contracts().get(obligation.method)
        if contract is None or contract.outcome != "fault":
            return (), ()  # the other rule of the kind tells of methods without a contract, and of lost functions
        implementations, _ = implementations_of(obligation, facts.index)
        duties: dict[Definition, FaultDuty | None] = {}
        missing: list[Unexamined] = []
        todo: list[_Bound] = [(one.definition, registrations(one.entries), ()) for one in implementations]
        while todo:
            definition, registered, chain = todo.pop(0)
            if definition in duties:
                continue
            duties[definition] = None
            duty = _duty(obligation, definition, registered, chain, contract, facts)
            if isinstance(duty, Unexamined):
                missing += [duty] if chain else []  # the other rule tells of the methods themselves
            elif duty is not None:
                duties[definition] = duty if _names_code(duty.graph) else None
                todo += _passed_on(duty, facts) if len(chain) < _DELEGATIONS else []
        naming = [(one, one.explored()) for one in duties.values() if one is not None]
        unseen = [told_of(obligation, one.definition, one.unfollowed(seen)) for one, seen in naming]
        return tuple(one for one, seen in naming if one.breaches(seen)), (
            *missing,
            *(line for lines in unseen for line in lines),
        )

    def semantic_patch(self, duty: FaultDuty) -> SemanticPatch:
        """SmPL that stars the returns before which nothing took the lock, or something gave it back."""
        return render(self.kind, duty.obligation.id, _context(duty))

    def places(self, duty: FaultDuty) -> Iterator[Place[Arrival]]:
        """The returns that say the wrong thing."""
        for one in duty.breaches(duty.explored()):
            yield Place(one.node, (duty.graph.nodes[one.node].line,), one)

    def suspect(self, duty: FaultDuty, place: Place[Arrival], text: str) -> Suspect:
        """What is wrong at one of them."""
        return _suspect(duty, duty.explored(), place.what, text)

    def again(self, duty: FaultDuty, definition: Definition, graph: Graph, facts: TreeFacts) -> FaultDuty:
        """The duty as it stands in an edited file, whose function is `graph`."""
        return _examined(replace(duty, definition=definition, graph=graph), facts)


# Who is bound, and what it does.


def _duty(
    obligation: Obligation,
    definition: Definition,
    registered: tuple[Registration, ...],
    chain: tuple[Step, ...],
    contract: Contract,
    facts: TreeFacts,
) -> FaultDuty | Unexamined | None:
    """The duty of a function that is given the fault, None for any other."""
    graph = bound_graph(obligation, definition, facts.index)
    if isinstance(graph, Unexamined):
        return graph
    if resource_parameter(graph, ("vm_fault",)) is None:
        return None
    return _examined(FaultDuty(obligation, definition, graph, registered, chain, contract, frozenset()), facts)


def _examined(duty: FaultDuty, facts: TreeFacts) -> FaultDuty:
    graph, path = duty.graph, duty.definition.path
    position = resource_parameter(graph, ("vm_fault",))
    fault = graph.parameters[position].name if position is not None else "vmf"
    place = f"{fault}->page"
    given = {a.right for a in graph.assignments() if a.left == place and _WORD.fullmatch(a.right)} - {"NULL"}
    given |= set(_looked_up(graph, fault))
    names = frozenset().union(aliases(graph, place), *(aliases(graph, name) for name in given))
    returned = {node.returned for node in graph.nodes if node.kind == "return"} - {""}
    known = summaries(facts.effects, FAULTED)
    found = {number: list(events) for number, events in known.events(graph, path, names).items()}
    for number, node in enumerate(graph.nodes):
        pages = _given(node, names)
        locked = [call for call in pages if duty.contract.gives_back(call)]
        bare = [call for call in pages if call.callee in duty.contract.cached]
        kept = [one for one in found.get(number, []) if not (one.marks == ("lost",) and (locked or bare))]
        kept += [_attempt(number, call, failed=_failed(graph, node)) for call in locked]
        kept += [known.step(number, call, ("found",), f"{call.callee}()") for call in bare]
        if not _comes_with_page(duty):  # who is given the fault may set its page, and lock it
            kept += [
                known.step(number, c, ("unknown",), f"{c.callee}() is given the fault") for c in _asked(node, fault)
            ]
        coded = [call for call in _given(node, returned) if all(one.call != call for one in kept)]
        kept += [event for call in coded if (event := known.told(number, call, path)) is not None]
        if kept:
            found[number] = kept
    return replace(duty, names=names, events={number: tuple(events) for number, events in found.items()})


def _looked_up(graph: Graph, fault: str) -> Iterator[str]:
    """What a function that is given the fault gives back may be its page: a lock taken of that is taken of the page."""
    pages = {text for call in graph.calls() if call.callee in call_vocabulary().marks for text in call.arguments}
    for node in graph.nodes:
        asked = [call.callee for call in node.calls if fault in call.arguments]
        for one in node.assignments:
            if one.left in pages and any(one.right.startswith(f"{callee}(") for callee in asked):
                yield one.left


def _comes_with_page(duty: FaultDuty) -> bool:
    """Whether the VM has set the page of the fault before the method is called."""
    return duty.obligation.method.endswith("mkwrite")


def _asked(node: Node, fault: str) -> Iterator[Call]:
    for call in node.calls:
        if fault in call.arguments and not call_vocabulary().is_neutral(call.callee):
            yield call


def _given(node: Node, names: Iterable[str]) -> list[Call]:
    """The calls of a node that give something its name."""
    given = [a.right for a in node.assignments if a.left in names and a.operator == "="]
    return [call for call in node.calls if any(right.startswith(f"{call.callee}(") for right in given)]


def _failed(graph: Graph, node: Node) -> Result:
    """What a call of a node gives when there is no page: an error pointer where the function asks for one, else NULL."""
    asked = {f"IS_ERR({a.left})" for a in node.assignments}
    if any(text in other.text for text in asked for other in graph.nodes if other.kind == "condition"):
        return Result(NEGATIVE | POSITIVE, "", ERROR)
    return Result(ZERO)


def _attempt(number: int, call: Call, failed: Result) -> Event:
    """A call that gives back a locked page, or none."""
    exits = (Exit("held", Result(NEGATIVE | POSITIVE, "", POINTER)), Exit("free", failed))

    def outcome(_state: str, _facts: Facts) -> Outcome:
        return Outcome(exits)

    return Event(number, call.line, call, f"{call.callee}()", outcome)


def _names_code(graph: Graph) -> bool:
    return any("VM_FAULT_LOCKED" in text for text in _texts(graph))


def _texts(graph: Graph) -> Iterator[str]:
    yield from (node.returned for node in graph.nodes if node.kind == "return")
    yield from (assignment.right for assignment in graph.assignments())


def _passed_on(duty: FaultDuty, facts: TreeFacts) -> list[_Bound]:
    """The functions whose result is the method's, and that get the fault with its page as unlocked as the method got it."""
    graph, seen, found = duty.graph, duty.explored(), []
    position = resource_parameter(graph, ("vm_fault",))
    fault = graph.parameters[position].name if position is not None else ""
    returned = {node.returned for node in graph.nodes if node.kind == "return"}
    for number, node in enumerate(graph.nodes):
        for call in node.calls:
            results = {node.returned, *(a.left for a in node.assignments if a.left in returned)} - {""}
            if not call.direct or fault not in call.arguments or not results or seen.at(number) != {FAULTED.start}:
                continue
            step = Step(duty.definition.path, call.line, f"{graph.name}() returns what {call.callee}() says")
            for definition in facts.index.resolve(call.callee, duty.definition.path):
                found.append((definition, duty.registrations, (*duty.chain, step)))
    return found


# What to say.


def _suspect(duty: FaultDuty, seen: Exploration, arrival: Arrival, text: str) -> Suspect:
    graph, file = duty.graph, duty.definition.path
    node, path = graph.nodes[arrival.node], seen.path(arrival.stop)
    event = _releasing(duty, seen, arrival)
    branch = last_branch(graph, path)
    word = "folio" if any("folio" in call.callee for call in graph.calls()) else "page"
    start = Step(file, duty.definition.span.line, f"{graph.name}() is called with no lock on the {word}")
    gone = Step(file, event.line, f"{event.note} unlocks it") if event is not None else start
    how = "unlocked" if event is not None else "which nothing has locked"
    told = Told(
        line=node.line,
        code=f"{branch.condition}|{branch.taken}|{node.text}|{how}",
        message=f"{graph.name}() returns VM_FAULT_LOCKED with the {word} unlocked"
        if event is not None
        else f"{graph.name}() returns VM_FAULT_LOCKED for a {word} that nothing has locked",
        breach=branch.breach(node.text, (), word, min(duty.names, key=len)),
        evidence=(*duty.chain, start, *branch_steps(graph, path, file), *([gone] if event is not None else [])),
        doubts=tuple(_why_lower(duty, path, event)),
    )
    return Suspect(
        finding_of(duty, told, text), path, NoFix("whether the code or the unlock is wrong is for a person to decide")
    )


def _releasing(duty: FaultDuty, seen: Exploration, arrival: Arrival) -> Event | None:
    """The last step of a way that gave the lock up."""
    stops: tuple[Stop, ...] = seen.stops(arrival.stop)
    behind = (*(stop.state for stop in stops[1:]), arrival.state)
    moved = [stop for stop, state in zip(stops, behind, strict=True) if state == "free" and stop.state == "held"]
    if not moved:
        return None
    events = duty.events[moved[-1].node]
    return next((one for one in events if any(e.state == "free" for e in one.outcome("held", ()).exits)), events[-1])


def _why_lower(duty: FaultDuty, path: Path, event: Event | None) -> Iterator[Doubt]:
    if not duty.graph.whole:
        yield Confidence.MODERATE, f"a part of {duty.graph.name}() did not parse"
    for step in path.nodes:
        for one in duty.events.get(step, ()):
            if one.outcome("held" if one is event else "free", ()).ambiguous:
                yield (
                    Confidence.MODERATE,
                    f"{one.note} at line {one.line} does so on some of its ways, and does not say on which",
                )


def _context(duty: FaultDuty) -> dict[str, object]:
    def doing(state: str, to: str) -> list[str]:
        """The functions that may move the page from one state to another."""
        return sorted(
            {
                one.call.callee
                for events in duty.events.values()
                for one in events
                if one.call is not None and one.call.direct
                if any(e.state == to for e in one.outcome(state, ()).exits)
            }
        )

    takes = doing("free", "held")
    return {
        "mode": "report",
        "obligation": duty.obligation,
        "function": duty.graph.name,
        "takers": [],
        "releases": doing("held", "free"),
        "retakers": takes,
        "unlocked": takes or ["lock_page", "folio_lock"],
        "steps": [],
        "symbols": [],
    }
