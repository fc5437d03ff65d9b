"""A function that answers a fault -> FaultDuty: the names of its page, and what becomes of the lock on every way through it.

It is the method, or a function whose result the method returns and that gets the fault, or the page of the fault, as unlocked as
the method got it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from cocci_gen.code.graphs.control_flow import Call, Graph, Node
from cocci_gen.code.searches.explorations import Arrival, Exploration, Stop
from cocci_gen.code.searches.machines import ERROR, POINTER, RETURN, Event, Exit, Machine, Move, Outcome, Result, Wrong
from cocci_gen.code.searches.search import Question, explore
from cocci_gen.code.states.known import NEGATIVE, POSITIVE, ZERO, Facts
from cocci_gen.document.obligations import Obligation
from cocci_gen.facts.calls.page_calls import call_vocabulary
from cocci_gen.facts.calls.page_places import aliases
from cocci_gen.facts.calls.steps import Step
from cocci_gen.facts.pages.summaries import summaries
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.findings.findings import Registration
from cocci_gen.kinds.duties import Duty, TreeFacts, Unexamined, bound_graph
from cocci_gen.kinds.handovers.contracts import Contract, Says, says_code
from cocci_gen.kinds.handovers.over import spelled
from cocci_gen.kinds.page_duty import resource_parameter
from cocci_gen.kinds.unseen import Unfollowed, forgotten, unseen_returns

_WORD = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True, slots=True)
class Answerer:
    """A function that answers a fault, who registers it, how the fault came there, and where among its arguments the page stands
    that it gets in its place; None where it gets the fault."""

    definition: Definition
    registrations: tuple[Registration, ...]
    chain: tuple[Step, ...] = ()
    position: int | None = None


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
    """A function that answers a fault, the names of its page, and what its nodes do to the lock, as steps of the machine;
    `position` is the place of the page among the parameters of a function that does not get the fault."""

    contract: Contract
    names: frozenset[str]
    position: int | None = None
    events: Mapping[int, tuple[Event, ...]] = field(default_factory=dict, compare=False, repr=False)

    def explored(self) -> Exploration:
        """Every way through the function; what is returned is remembered to the end."""
        told = frozenset(w for node in self.graph.nodes if node.kind == "return" for w in _WORD.findall(node.returned))
        return explore(Question(self.graph, FAULTED, self.events, FAULTED.start, kept=told))

    def breaches(self, seen: Exploration) -> tuple[Arrival, ...]:
        """To each return the first way that says that an unlocked page is locked."""
        if not names_code(self.graph):  # what it says is what another one says, which is asked itself
            return ()
        return seen.firsts(lambda one: one.state in FAULTED.open and _says_locked(one))

    def kept(self, seen: Exploration) -> tuple[Arrival, ...]:
        """To each return the first way that says that the page is not locked, and comes with the lock that a callee took: what
        the method locks itself is asked for beside (`rule`), and what a function kept whose code it is is asked for there."""
        return seen.firsts(lambda one: one.state == "held" and self._fails(one) and self._another_took(seen, one))

    def _fails(self, arrival: Arrival) -> bool:
        told = (self.graph.nodes[arrival.node].returned, spelled(self.graph, arrival.node), arrival.result.constant)
        said = [self.contract.says(value, arrival.facts) for value in told if value]
        return Says.FAILURE in said and Says.SUCCESS not in said

    def _another_took(self, seen: Exploration, arrival: Arrival) -> bool:
        event = self.taker(seen, arrival)
        if event is None or event.call is None:
            return False
        own = self.contract.locking | self.contract.killable | self.contract.attempting | self.contract.returning
        return bool(self.chain) if event.call.callee in own else not hands_result_on(self.graph, event.node, event.call)

    def taker(self, seen: Exploration, arrival: Arrival) -> Event | None:
        """The last step of a way that took the lock."""
        return self._last(seen, arrival, lambda before: before != "held", "held")

    def releaser(self, seen: Exploration, arrival: Arrival) -> Event | None:
        """The last step of a way that gave the lock up."""
        return self._last(seen, arrival, lambda before: before == "held", "free")

    def _last(self, seen: Exploration, arrival: Arrival, comes: Callable[[str], bool], to: str) -> Event | None:
        stops: tuple[Stop, ...] = seen.stops(arrival.stop)
        behind = (*(stop.state for stop in stops[1:]), arrival.state)
        moved = [stop for stop, state in zip(stops, behind, strict=True) if state == to and comes(stop.state)]
        if not moved:
            return None
        events, before = self.events.get(moved[-1].node, ()), moved[-1].state
        doing = (one for one in events if any(e.state == to for e in one.outcome(before, ()).exits))
        return next(doing, events[-1] if events else None)

    def unfollowed(self, seen: Exploration) -> Iterator[Unfollowed]:
        """The returns of the code behind what hides the lock, or keeps the page."""
        away = frozenset({"unseen", "gone"})
        hides = {number: event.note for number, every in self.events.items() for event in every if _leads(event, away)}
        yield from unseen_returns(self.graph, seen, away, _says_locked, hides)
        yield from forgotten(self.graph, seen)


def _leads(event: Event, to: frozenset[str]) -> bool:
    """Whether behind a step the page may be in one of these states."""
    return any(one.state in to for state in (FAULTED.start, "held") for one in event.outcome(state, ()).exits)


def _says_locked(arrival: Arrival) -> bool:
    return says_code(arrival.result.constant) is Says.SUCCESS


def fault_duty(
    obligation: Obligation, one: Answerer, contract: Contract, facts: TreeFacts
) -> FaultDuty | Unexamined | None:
    """The duty of a function that is given the fault or its page, None for any other."""
    graph = bound_graph(obligation, one.definition, facts.index)
    if isinstance(graph, Unexamined):
        return graph
    if one.position is None and resource_parameter(graph, ("vm_fault",)) is None:
        return None
    if one.position is not None and not _is_page(graph, one.position):
        return None
    duty = FaultDuty(
        obligation, one.definition, graph, one.registrations, one.chain, contract, frozenset(), one.position
    )
    return examined(duty, facts)


def _is_page(graph: Graph, position: int) -> bool:
    """Whether the parameter at a position holds a page."""
    parameter = graph.parameters[position] if position < len(graph.parameters) else None
    return parameter is not None and parameter.name != "" and parameter.type in ("struct page *", "struct folio *")


def examined(duty: FaultDuty, facts: TreeFacts) -> FaultDuty:
    """The duty with the names of the page in its function, and the steps of its nodes."""
    graph, path = duty.graph, duty.definition.path
    fault = _fault(graph)
    place = f"{fault}->page" if duty.position is None else graph.parameters[duty.position].name
    given = {a.right for a in graph.assignments() if a.left == place and _WORD.fullmatch(a.right)} - {"NULL"}
    given |= set(_looked_up(graph, frozenset({fault if duty.position is None else place})))
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


def _fault(graph: Graph) -> str:
    """The name of the fault in a function, "" where it does not get it."""
    position = resource_parameter(graph, ("vm_fault",))
    return graph.parameters[position].name if position is not None else ""


def _looked_up(graph: Graph, given: frozenset[str]) -> Iterator[str]:
    """What a function that is given the fault, or the page itself, gives back may be its page, or a structure that points to it:
    a lock taken of that is taken of the page."""
    pages = {text for call in graph.calls() if call.callee in call_vocabulary().marks for text in call.arguments}
    for node in graph.nodes:
        asked = [call.callee for call in node.calls if not given.isdisjoint(call.arguments)]
        for one in node.assignments:
            if any(one.right.startswith(f"{callee}(") for callee in asked):
                yield from (text for text in pages if text in (one.left, f"{one.left}->page", f"{one.left}->folio"))


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


def names_code(graph: Graph) -> bool:
    """Whether a function says VM_FAULT_LOCKED itself."""
    return any("VM_FAULT_LOCKED" in text for text in _texts(graph))


def _texts(graph: Graph) -> Iterator[str]:
    yield from (node.returned for node in graph.nodes if node.kind == "return")
    yield from (assignment.right for assignment in graph.assignments())


def passed_on(duty: FaultDuty, facts: TreeFacts) -> list[Answerer]:
    """The functions whose result is the method's, and that get the fault or its page as unlocked as the method got it."""
    graph, seen, found = duty.graph, duty.explored(), []
    for number, node in enumerate(graph.nodes):
        for call in node.calls:
            place = _handed(duty, call)
            if place is None or not hands_result_on(graph, number, call) or seen.at(number) != {FAULTED.start}:
                continue
            step = Step(duty.definition.path, call.line, f"{graph.name}() returns what {call.callee}() says")
            for definition in facts.index.resolve(call.callee, duty.definition.path):
                position = None if place < 0 else place
                found.append(Answerer(definition, duty.registrations, (*duty.chain, step), position))
    return found


def hands_result_on(graph: Graph, number: int, call: Call) -> bool:
    """Whether what a call of a node returns is what the function returns, on some way."""
    node = graph.nodes[number]
    returned = {one.returned for one in graph.nodes if one.kind == "return"}
    results = (
        node.returned if node.kind == "return" else "",
        *(a.right for a in node.assignments if a.left in returned),
    )
    return call.direct and any(text.startswith(f"{call.callee}(") for text in results)


def _handed(duty: FaultDuty, call: Call) -> int | None:
    """-1 for a call that is given the fault, the place of the page among its arguments for one that is given that, else None."""
    fault = _fault(duty.graph)
    if fault and fault in call.arguments:
        return -1
    return next((n for n, text in enumerate(call.arguments) if text in duty.names), None)
