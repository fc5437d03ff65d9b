"""The kind `returns`, "a method returns what its caller cannot take".

Which values are wrong is data (codes.toml).  A function whose result a method returns as it is (`return g(...);`) is
looked at under the same obligation.  Only values that the path search proves are reported: a constant, or a variable that must
hold a wrong one where it is returned.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from cocci_gen.coccinelle.smpl import SemanticPatch, render
from cocci_gen.coccinelle.words import UNDECLARABLE
from cocci_gen.code.control_flow import Graph, Node
from cocci_gen.code.paths import Facts, NoPath, Path, find_path, may_be_nonzero, refuted
from cocci_gen.document.obligations import Obligation
from cocci_gen.facts.index import Definition
from cocci_gen.facts.steps import Step
from cocci_gen.findings.findings import ALSO_HERE, Confidence, Doubt, NoFix, Registration
from cocci_gen.kinds.branches import branch_steps, last_branch
from cocci_gen.kinds.duties import Duty, TreeFacts, Unexamined, bound_graph, implementations_of, registrations
from cocci_gen.kinds.pairs import left_open
from cocci_gen.kinds.returns.answers import Answered, answered
from cocci_gen.kinds.returns.candidates import (
    Candidate,
    assigned_constants,
    bare_value,
    candidates,
    cast_types,
    plain,
    uncast,
)
from cocci_gen.kinds.returns.codes import ZERO, Code, codes
from cocci_gen.kinds.returns.fixes import value_plan
from cocci_gen.kinds.returns.left_out import left_out, other_jumps
from cocci_gen.kinds.returns.locked import locked_plan
from cocci_gen.kinds.returns.precedents import NO_PRECEDENT, Precedent, precedent
from cocci_gen.kinds.returns.tested_codes import Untold, doubts_of, untold_codes
from cocci_gen.kinds.returns.unprepared import at_writeback, interrupted
from cocci_gen.kinds.returns.unset_flags import unset_flags
from cocci_gen.kinds.suspects import FixPlan, Place, StarringRule, Suspect, Told, finding_of

#: `return g(...);` is followed this many times.
DEPTH = 3
_HELPER = "vmf_error"


#: What was not read yet.
_NOTHING_READ = Graph("", "", (), (), (), whole=False)
#: Functions of these headers translate for methods of every sort: what one of those may return binds them not.
_SHARED = "include/"


@dataclass(frozen=True, slots=True)
class ValueDuty(Duty):
    """A function whose value the method returns, and where it may be wrong; `serves` are other methods that the code names
    and that the function is registered for too, `unset` tests of page flags that nothing in the folder of its file sets, `untold`
    branches for error numbers that nobody is seen to return, `precedent` a function that does already what a fix would (and at
    which wait), `helper` what the tree makes codes of error numbers with, `later` what writeback does with a page that was not
    prepared, `signals` the tested calls that a signal ends; `read` is the graph as the search takes it, and `given` says where
    variables in it have error numbers from."""

    code: Code
    candidates: tuple[Candidate, ...]
    serves: tuple[str, ...]
    unset: frozenset[str] = frozenset()
    untold: tuple[Untold, ...] = ()
    precedent: Precedent = NO_PRECEDENT
    helper: str = ""
    later: tuple[Step, ...] = ()
    signals: tuple[tuple[str, Step], ...] = ()
    read: Graph = _NOTHING_READ
    given: tuple[tuple[str, Step], ...] = ()


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
        blamed = {duty.definition for duty in broken}
        sound = [duty.graph for duty in found.values() if duty.definition not in blamed]
        known = (_informed(_with_precedent(duty, sound), facts) for duty in broken)
        return tuple(known), tuple(dict.fromkeys(missing))

    def semantic_patch(self, duty: ValueDuty) -> SemanticPatch:
        """SmPL that stars the returns in question, behind the assignment of the wrong value where there is one."""
        context = {"mode": "report", "obligation": duty.obligation, "places": list(_places(duty))}
        return render(self.kind, duty.obligation.id, context)

    def places(self, duty: ValueDuty) -> Iterator[Place[Candidate]]:
        """The returns whose value may be wrong; none that is the same statement elsewhere, where the value is another."""
        for candidate in duty.candidates:
            if not refuted(_way(duty, candidate)):
                yield Place(candidate.node, (duty.graph.nodes[candidate.node].line,), candidate)

    def known(self, duty: ValueDuty, places: list[Place[Candidate]]) -> list[Place[Candidate]]:
        """The returns to which a way leads with the value."""
        return [place for place in places if isinstance(_way(duty, place.what), Path)]

    def suspect(self, duty: ValueDuty, place: Place[Candidate], text: str) -> Suspect:
        """What is wrong at one of them."""
        return _suspect(duty, place.what, text)

    def again(self, duty: ValueDuty, definition: Definition, graph: Graph, facts: TreeFacts) -> ValueDuty:
        """The duty as it stands in an edited file, whose function is `graph`."""
        return _read(replace(duty, definition=definition, graph=graph), facts)


def _with_precedent(duty: ValueDuty, sound: Iterable[Graph]) -> ValueDuty:
    """The duty with a function of the tree that does what its fix does: another wait of its own, else one of those that break
    nothing: who does it at one wait and not at the next is no example."""
    if not (duty.code.mends and duty.code.good):
        return duty
    others = (duty.graph, *sorted(sound, key=lambda graph: graph.name))
    return replace(duty, precedent=precedent(others, duty.code.instead))


def _informed(duty: ValueDuty, facts: TreeFacts) -> ValueDuty:
    """The duty with what a reader of its fix asks next: what comes of the page, and of a call that a signal ends."""
    if not duty.code.good:
        return duty
    ways = (_way(duty, candidate) for candidate in duty.candidates)
    missed = {name: None for way in ways if isinstance(way, Path) for name in left_out(duty.graph, way, duty.code.good)}
    path = duty.definition.path
    tests = [node for node in duty.graph.nodes if node.kind == "condition" and duty.code.locked]
    tested = dict.fromkeys(call.callee for node in tests for call in node.calls if call.direct)
    signals = tuple((name, step) for name in tested for step in interrupted(name, path, facts.index))
    return replace(duty, later=at_writeback(path, tuple(missed), facts.index), signals=signals)


def _may_break(duty: ValueDuty) -> bool:
    """Whether the search could not refute every candidate: the others need no semantic patch."""
    return not all(refuted(_way(duty, candidate)) for candidate in duty.candidates)


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
            helper = _HELPER if facts.index.definitions(_HELPER) else ""
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
        if refuted(_way(duty, candidate)):
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


# Which way leads there.


def _way(duty: ValueDuty, candidate: Candidate) -> Path | NoPath:
    """A feasible way on which the value is certainly the wrong one; for a tested code, from that branch on."""
    blocked, graph = _blocked(duty), duty.read

    def accept(facts: Facts) -> bool:
        return not candidate.variable or _holds(facts, candidate)

    def never(node: Node, taken: str) -> bool:
        return taken == "true" and duty.code.never.search(node.text) is not None

    if not candidate.after:
        return _assigned(duty, candidate, find_path(graph, candidate.node, blocked, accept=accept, refused=never))
    last: Path | NoPath = NoPath(exhausted=True)
    for number, label in candidate.after:

        def refused(node: Node, taken: str, test: Node = graph.nodes[number], label: str = label) -> bool:
            return node == test and taken != label

        found = find_path(graph, candidate.node, blocked, start=number, accept=accept, refused=refused)
        last = _assigned(duty, candidate, found)
        if isinstance(last, Path):
            return last
    return last


def _assigned(duty: ValueDuty, candidate: Candidate, found: Path | NoPath) -> Path | NoPath:
    """The way, unless the last thing that it assigns to the variable is another code: names that differ may be one number
    to the path search, and are two codes here."""
    if not isinstance(found, Path) or not candidate.variable or candidate.value in ZERO:
        return found
    rights = [
        uncast(a.right)
        for number in found.nodes
        for a in duty.read.nodes[number].assignments
        if a.left == candidate.variable
    ]
    return found if rights and rights[-1] == candidate.value else NoPath(exhausted=True)


def _holds(facts: Facts, candidate: Candidate) -> bool:
    """Whether the variable must have the candidate's value; one that holds a named constant is not zero, whatever a test of it
    seems to say: that branch is for the other ways."""
    known = [constant for place, _, constant in facts if place == candidate.variable]
    if candidate.value in ZERO:
        return bool(known) and not may_be_nonzero(facts, candidate.variable) and set(known) <= ZERO | {""}
    return candidate.value in known


def _given_up(duty: ValueDuty) -> set[int]:
    """Nodes behind which the lock is gone, as the value says, or may be: somebody else has got the vm_fault."""
    if not duty.code.gives_up:
        return set()
    faults = {p.name for p in duty.graph.parameters if p.type.removeprefix("const ") == "struct vm_fault *"}

    def gives_up(node: Node) -> bool:
        return any(duty.code.given_up.search(one.callee) or faults & set(one.arguments) for one in node.calls)

    return {number for number, node in enumerate(duty.graph.nodes) if gives_up(node)}


def _blocked(duty: ValueDuty) -> set[int]:
    """Nodes that make the value right: they give up what it says is given up, set `unless->page`, or hand `unless` to
    somebody who may."""
    if not duty.code.unless:
        return _given_up(duty)
    name = next(
        (p.name for p in duty.graph.parameters if p.type.removeprefix("const ") == "struct vm_fault *"),
        duty.code.unless,
    )
    given = re.compile(rf"(?<![\w>.]){name}(?!\w|->\w)|&{name}->page\b")
    stored = re.compile(rf"\b{name}->(?:page|cow_page)$")

    def sets_page(node: Node) -> bool:
        handed = any(given.search(argument) for call in node.calls for argument in call.arguments)
        return handed or any(stored.search(a.left) or a.right == name for a in node.assignments)

    return {number for number, node in enumerate(duty.graph.nodes) if sets_page(node)}


# What to say.


def _suspect(duty: ValueDuty, candidate: Candidate, text: str) -> Suspect:
    graph, file = duty.graph, duty.definition.path
    node = graph.nodes[candidate.node]
    path = _way(duty, candidate)
    branch = last_branch(graph, path)
    value = candidate.value if not candidate.variable else f"{candidate.variable} ({candidate.value})"
    reached = Step(file, node.line, f"`{node.text}` is reached, and the value is {candidate.value}")
    origin = _origin(duty, candidate)
    breach = branch.breach(node.text, (duty.code.instead,), duty.obligation.resource, candidate.variable)
    also: tuple[Step, ...] = ()
    plan = _plan(duty, candidate, path)
    if isinstance(path, Path):
        breach = replace(breach, left_out=left_out(graph, path, duty.code.good) if duty.code.good else ())
        jumps = other_jumps(graph, path, candidate) if isinstance(plan, FixPlan) else ()
        passed = {graph.nodes[number].line for number in path.nodes}
        places = plan.anchors if isinstance(plan, FixPlan) and duty.code.locked else ()
        also = tuple(Step(file, line, ALSO_HERE) for line in (*jumps, *places) if line not in passed)
    if duty.precedent.function and isinstance(plan, FixPlan) and "_killable" in breach.condition:
        there = duty.precedent
        done = f"{there.function}() returns {duty.code.instead} when {there.wait}() is interrupted"
        also = (*also, Step(file, node.line, done))
    if isinstance(plan, FixPlan):
        called = plan.semantic_patch.text
        signals = (step for name, step in duty.signals if re.search(rf"err = {name} ?\(", called))
        also = (*also, *(duty.later if breach.left_out else ()), *signals)
    if isinstance(plan, FixPlan) and (dead := _dead(duty, candidate)):
        plan = replace(plan, more=(*plan.more, *dead))
        also = (
            *also,
            *(
                Step(
                    file,
                    line,
                    f"nothing in this folder makes {what}() hold, and the same code behind it is changed too",
                )
                for line, what in dead.items()
            ),
        )
    told = Told(
        line=node.line,
        code=f"{branch.condition}|{branch.taken}|{node.text}|{candidate.value}",
        message=f"{graph.name}() {duty.code.says.format(value=value)}",
        breach=breach,
        evidence=(*duty.chain, *origin, *branch_steps(graph, path, file), reached, *also),
        doubts=tuple(_why_lower(duty, candidate, path)),
    )
    return Suspect(finding_of(duty, told, text), path, plan)


def _origin(duty: ValueDuty, candidate: Candidate) -> tuple[Step, ...]:
    """The return of a callee that gives the variable its value; none where the function assigns it itself."""
    own = candidate.value in assigned_constants(duty.graph).get(candidate.variable, ())
    found = [step for name, step in duty.given if name == candidate.variable and step.note.endswith(candidate.value)]
    return () if own else tuple(found[:1])


def _plan(duty: ValueDuty, candidate: Candidate, path: Path | NoPath) -> FixPlan | NoFix:
    """The right value, where the code says that it may be put there and the function returns it for this method alone."""
    if isinstance(path, Path) and _only_tried(duty.graph, path):
        return NoFix(
            "it only tries a lock that the task itself may hold, and would be called for ever; the lock must go"
        )
    if duty.code.locked and not (duty.chain or duty.serves or candidate.choice):
        return locked_plan(duty.obligation, duty.graph, candidate, duty.helper)
    if not duty.code.mends:
        return NoFix("which value is right there is for a person to decide")
    if duty.chain or duty.serves:
        return NoFix("the function is not called for this method alone, and others may want the value")
    opened, closing = left_open(duty.graph, path) if isinstance(path, Path) else ("", "")
    if opened:
        return NoFix(f"the way leaves open what {opened}() began, and a fix would have to call {closing}() too")
    return value_plan(duty.obligation, duty.graph, duty.code, candidate)


def _dead(duty: ValueDuty, candidate: Candidate) -> dict[int, str]:
    """The other plain returns of the same value that stand behind a test of what nothing sets: nobody reports them, and a change
    that leaves them looks forgotten.  Each with the test."""
    found = {}
    for other in duty.candidates:
        if other == candidate or candidate.variable or (other.variable, other.value) != ("", candidate.value):
            continue
        path = _way(duty, other)
        if isinstance(path, Path) and (tests := _unset(duty, path)):
            found[duty.graph.nodes[other.node].line] = tests[0]
    return found


def _unset(duty: ValueDuty, path: Path) -> tuple[str, ...]:
    """The tests on a path that would have to hold, of what nothing in the folder of the file sets."""
    calls = ((c.callee, one.label) for one in path.decisions for c in duty.graph.nodes[one.node].calls)
    return tuple(name for name, label in calls if name in duty.unset and label == "true")


def _only_tried(graph: Graph, path: Path) -> bool:
    """Whether the last branch of a path looks whether a lock could be had at once."""
    return any("trylock" in call.callee for one in path.decisions[-1:] for call in graph.nodes[one.node].calls)


def _why_lower(duty: ValueDuty, candidate: Candidate, path: Path | NoPath) -> Iterator[Doubt]:
    for name in _unset(duty, path) if isinstance(path, Path) else ():
        yield Confidence.LOW, f"nothing in the folder of this file sets what {name}() asks for"
    if isinstance(path, Path):
        yield from doubts_of(duty.untold, path)
    if duty.code.confidence is not Confidence.HIGH:
        yield duty.code.confidence, f"the most that a finding about {duty.obligation.short} can have"
    if duty.chain or _origin(duty, candidate):
        yield Confidence.MODERATE, "the value comes from a callee, which may never take that branch for this caller"
    for method in duty.serves:
        yield Confidence.MODERATE, f"the function is also a ->{method}, which may return the value"
    if candidate.choice:
        yield Confidence.MODERATE, "the value is one of two, and the condition between them was not looked into"
    if not duty.graph.whole:
        yield Confidence.MODERATE, f"a part of {duty.graph.name}() did not parse"
