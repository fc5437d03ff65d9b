"""The kind `returns_locked`, "success hands the caller a locked thing, failure gives it back".

->write_begin, ->fault, ->page_mkwrite and ->mount take something for their caller.  A failing return that still has the lock
or the reference leaks it, because callers clean up only after success; a succeeding return without the lock (or without `*pagep`)
makes the caller unlock what it does not hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from cocci_gen.coccinelle.smpl import SemanticPatch, render
from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.code.searches.paths import Path
from cocci_gen.code.states.known import Facts
from cocci_gen.code.states.zeroed import given_to
from cocci_gen.document.obligations import Obligation
from cocci_gen.facts.calls.steps import Step
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.findings.findings import Breach, Confidence, Doubt, NoFix, Registration
from cocci_gen.kinds.branches import branch_steps, last_branch
from cocci_gen.kinds.duties import (
    TreeFacts,
    Unexamined,
    bound_graph,
    implementations_of,
    registrations,
    unexamined,
)
from cocci_gen.kinds.handovers.contracts import Contract, Says, contracts
from cocci_gen.kinds.handovers.fixes import Leak, handover_context, handover_plan, shared_label
from cocci_gen.kinds.handovers.rechecks import why_truncated
from cocci_gen.kinds.handovers.takings import cleans
from cocci_gen.kinds.handovers.twice import Twice
from cocci_gen.kinds.handovers.undone import killing_graph, left_undone
from cocci_gen.kinds.handovers.untaken import why_untaken
from cocci_gen.kinds.handovers.wrong_returns import HandoverDuty, Wrong, studied, unsure, way_to
from cocci_gen.kinds.suspects import FixPlan, Place, StarringRule, Suspect, Told, finding_of, starred

#: Begins the words about a call whose result the caller returns: only then the callee's success is the method's.
_RETURNED = "as its result, "
#: A function, who registers it, how the obligation came there, and what is passed to it.
_Bound = tuple[Definition, tuple[Registration, ...], tuple[Step, ...], tuple[str, ...]]
#: Functions that the out parameter is passed on through.
_DELEGATIONS = 3
_WORD = re.compile(r"[A-Za-z_]\w*")
#: What is wrong at a place: what a return lacks, with the ways to it, or a second release.
_Found = list[tuple[Wrong, Path]] | Twice


@dataclass(frozen=True, slots=True)
class HandoverRule(StarringRule[HandoverDuty, _Found]):
    """The kind `returns_locked`."""

    kind: str = "returns_locked"

    def duties(
        self, obligation: Obligation, facts: TreeFacts
    ) -> tuple[tuple[HandoverDuty, ...], tuple[Unexamined, ...]]:
        """The methods (and functions that they pass the out parameter on to) with a suspicious return."""
        implementations, lost = implementations_of(obligation, facts.index)
        missing = list(lost)
        contract = contracts().get(obligation.method)
        if contract is None:
            why = "nobody has written down what the method takes for its caller (kinds/handovers/contracts.toml)"
            return (), (*lost, *(unexamined(obligation, one.definition, why) for one in implementations))
        duties: dict[Definition, HandoverDuty | None] = {}
        todo: list[_Bound] = [(one.definition, registrations(one.entries), (), ()) for one in implementations]
        while todo:
            definition, registered, chain, arguments = todo.pop(0)
            if definition in duties:
                continue
            graph = bound_graph(obligation, definition, facts.index)
            duties[definition] = None
            if isinstance(graph, Unexamined):
                missing.append(graph)
                continue
            out = _out(graph, contract)
            truncated = why_truncated(registered, contract.cached, facts)
            given = _constants(graph, arguments)
            base = HandoverDuty(obligation, definition, graph, registered, chain, contract, out, (), truncated, given)
            if contract.outcome == "pointer":
                base = replace(base, killing=killing_graph(registered, facts.index))
            read = studied(base, facts)
            partly = [step for step in chain if not step.note.startswith(_RETURNED)]
            told = tuple(w for w in read.wrongs if w.says is Says.FAILURE or not partly)
            duties[definition] = replace(read, wrongs=told)
            passed_on = _passed_on(base, facts) if out and len(chain) < _DELEGATIONS else []
            todo += passed_on
            if why := why_untaken(base, facts, passed_on=bool(passed_on)):
                missing.append(unexamined(obligation, definition, why))
        return tuple(one for one in duties.values() if one is not None and (one.wrongs or one.twice)), tuple(missing)

    def semantic_patch(self, duty: HandoverDuty) -> SemanticPatch:
        """SmPL that stars the returns behind a taking call (or behind a release, where success needs the lock)."""
        return render(self.kind, duty.obligation.id, handover_context(duty, "report"))

    def places(self, duty: HandoverDuty) -> Iterator[Place[_Found]]:
        """The returns to which a way leads, where what is missing at one is said in one finding; and the second releases."""
        by_return: dict[int, list[tuple[Wrong, Path]]] = {}
        for wrong in duty.wrongs:
            path = way_to(duty, wrong)
            if isinstance(path, Path):
                by_return.setdefault(wrong.target, []).append((wrong, path))
        for target, found in sorted(by_return.items()):
            yield Place(target, (duty.graph.nodes[target].line,), found)
        for one in duty.twice:
            yield Place(one.node, (one.line,), one, "twice")

    def suspect(self, duty: HandoverDuty, place: Place[_Found], text: str) -> Suspect:
        """What is missing at one of them."""
        if isinstance(place.what, Twice):
            return _released_twice(duty, place.what, text)
        return _suspect(duty, place.what, text)

    def judge(self, duty: HandoverDuty, lines: Iterable[int], text: str) -> tuple[Suspect, ...]:
        """A suspect for every starred return; those that lack the same calls are mended together."""
        found = starred(self.places(duty), lines)
        suspects = [self.suspect(duty, place, text) for place in found]
        ends = [(place.what, suspect) for place, suspect in zip(found, suspects, strict=True)]
        leaks = [(what[0], suspect) for what, suspect in ends if not isinstance(what, Twice)]
        others = tuple(suspect for what, suspect in ends if isinstance(what, Twice))
        return (*_behind_one_label(duty, [one for _, one in leaks], [way for way, _ in leaks]), *others)

    def again(self, duty: HandoverDuty, definition: Definition, graph: Graph, facts: TreeFacts) -> HandoverDuty:
        """The duty as it stands in an edited file, whose function is `graph`."""
        base = replace(duty, definition=definition, graph=graph, out=_out(graph, duty.contract), wrongs=(), twice=())
        return studied(base, facts)


def _out(graph: Graph, contract: Contract) -> str:
    """The name of the parameter through which the thing is handed over, "" where there is none."""
    if not contract.out:
        return ""
    return next((p.name for p in graph.parameters if re.fullmatch(contract.out, p.type)), "")


def _constants(graph: Graph, arguments: Iterable[str]) -> Facts:
    """What the constants among the arguments of a call tell of parameters that the function never assigns."""
    assigned = {assignment.left for assignment in graph.assignments()}
    return tuple(fact for fact in given_to(graph, arguments) if fact[0] not in assigned and fact[2])


def _passed_on(duty: HandoverDuty, facts: TreeFacts) -> list[_Bound]:
    found: list[_Bound] = []
    for call in (call for call in duty.graph.calls() if call.direct):
        returned = any(
            call in node.calls and node.kind == "return" and node.returned.startswith(f"{call.callee}(")
            for node in duty.graph.nodes
        )
        if duty.out in call.arguments:
            note = f"{duty.graph.name}() passes {duty.out} on to {call.callee}()"
        else:  # what is handed over has another name or type here: a page of which the caller gets the folio
            note, returned = f"{duty.graph.name}() has what it hands over from {call.callee}()", False
        step = Step(duty.definition.path, call.line, f"{_RETURNED}{note}" if returned else note)
        for definition in facts.index.resolve(call.callee, duty.definition.path):
            if duty.out in call.arguments or _hands_out(definition, duty.contract, facts):
                found.append((definition, duty.registrations, (*duty.chain, step), call.arguments))
    return found


def _hands_out(definition: Definition, contract: Contract, facts: TreeFacts) -> bool:
    """Whether a function has a parameter like that through which the method hands over, and puts a thing of its own there."""
    head, _, body = facts.index.text_of(definition).decode("utf-8", "replace").partition("{")
    out = re.search(rf"[(,] ?{contract.out} ?(\w+) ?[,)]", " ".join(head.split()))
    return out is not None and re.search(rf"\*{out[1]} = \w+;", body) is not None


# What to say, and how sure.


def _suspect(duty: HandoverDuty, found: list[tuple[Wrong, Path]], text: str) -> Suspect:
    wrong, path = found[0]
    node = duty.graph.nodes[wrong.target]
    missing = tuple(
        dict.fromkeys(
            one.missing for one, _ in found if one.says is wrong.says and one.taking.name == wrong.taking.name
        )
    )
    breach = _breach(duty, wrong, path, missing)
    file = duty.definition.path
    takes = Step(file, wrong.taking.line, f"{wrong.taking.callee}() takes {wrong.taking.name}")
    reached = Step(file, node.line, f"`{node.text}` is reached")
    handed_on = [event for event in wrong.sometimes if event.node == wrong.target]
    fails = tuple(Step(file, one.line, f"{one.note} may fail with {wrong.taking.name} as it is") for one in handed_on)
    told = Told(
        line=node.line,
        code=f"{breach.condition}|{breach.taken}|{node.text}",
        message=_message(duty, wrong, missing),
        breach=breach,
        evidence=(*duty.chain, takes, *branch_steps(duty.graph, path, file), reached, *fails),
        doubts=_why_lower(duty, wrong, path),
    )
    undone = left_undone(duty.graph, wrong.taking, path, duty.killing) if breach.missing else ()
    plan = handover_plan(duty, Leak(wrong, path, breach.missing, tuple(one.statement for one in undone)))
    finding = finding_of(duty, told, text)
    if isinstance(plan, FixPlan):
        more = tuple(Step(file, one.call.line, one.says) for one in undone)
        finding = replace(finding, evidence=(*finding.evidence, *more))
    return Suspect(finding, path, plan)


def _released_twice(duty: HandoverDuty, one: Twice, text: str) -> Suspect:
    """The finding about one call; which of the two is too many is for a person to decide."""
    graph, file, node = duty.graph, duty.definition.path, duty.graph.nodes[one.node]
    word = "folio" if one.taking.folio else "page"
    branch = last_branch(graph, one.path).told()
    first = tuple(Step(file, line, f"{note}: the first of the two") for line, note in one.first)
    taken = Step(file, one.taking.line, f"{one.taking.callee}() takes {one.taking.name}")
    reached = Step(file, one.line, f"{one.words} is reached")
    told = Told(
        line=one.line,
        code=f"{branch.condition}|{branch.taken}|released twice|{node.text}",
        message=f"{graph.name}() unlocks the {word}, which it has unlocked already",
        breach=branch.breach(node.text, (), word, one.taking.name),
        evidence=(*duty.chain, taken, *branch_steps(graph, one.path, file), *first, reached),
        doubts=one.doubts,
    )
    why = "which of the two is too many is for a person to decide"
    return Suspect(finding_of(duty, told, text), one.path, NoFix(why))


def _behind_one_label(
    duty: HandoverDuty, suspects: list[Suspect], ways: list[tuple[Wrong, Path]]
) -> tuple[Suspect, ...]:
    """The suspects, those that are mended by the same calls by one label where the function can have one."""
    leaks = [
        Leak(wrong, path, suspect.finding.breach.missing)
        for suspect, (wrong, path) in zip(suspects, ways, strict=True)
        if isinstance(suspect.plan, FixPlan) and suspect.plan.anchor == suspect.finding.line
    ]
    plan = shared_label(duty, leaks) if len(leaks) > 1 else NoFix("one return alone needs no label")
    if isinstance(plan, NoFix):
        return tuple(suspects)
    lines = plan.anchors
    ends = {duty.graph.nodes[leak.wrong.target].line for leak in leaks}
    return tuple(
        replace(
            one, plan=FixPlan(plan.semantic_patch, one.finding.line, tuple(n for n in lines if n != one.finding.line))
        )
        if one.finding.line in ends and isinstance(one.plan, FixPlan)
        else one
        for one in suspects
    )


def _message(duty: HandoverDuty, wrong: Wrong, missing: tuple[str, ...]) -> str:
    name = wrong.taking.name
    if wrong.says is Says.SUCCESS:
        if wrong.missing == "value":
            return f"{duty.graph.name}() returns success without having set *{duty.out}"
        if wrong.missing == "recheck":
            return f"{duty.graph.name}() locks {name} and does not look whether it was truncated before"
        return f"{duty.graph.name}() returns success with {name} unlocked"
    words = {("lock",): "locked", ("reference",): "referenced", ("lock", "reference"): "locked and referenced"}
    if wrong.unset:
        return f"{duty.graph.name}() returns with {name} still {words[missing]}, and without having set *{duty.out}"
    return f"{duty.graph.name}() fails with {name} still {words[missing]}"


#: What gives back of a super block what a way lacks.  Nothing may unlock one whose reference is gone.
_OF_SUPER_BLOCK = {
    ("lock", "reference"): ("deactivate_locked_super",),
    ("reference",): ("deactivate_super",),
}


def _calls(duty: HandoverDuty, wrong: Wrong, missing: tuple[str, ...]) -> tuple[str, ...]:
    """The calls that the way lacks, in the vocabulary of the function."""
    if wrong.says is Says.SUCCESS:
        return ()
    if duty.contract.everywhere:
        return _OF_SUPER_BLOCK.get(missing, ())
    used = {call.callee for call in duty.graph.calls()}
    folio = "folio_unlock" in used if used & {"folio_unlock", "unlock_page"} else wrong.taking.folio
    names = {"lock": "folio_unlock" if folio else "unlock_page", "reference": "folio_put" if folio else "put_page"}
    return tuple(names[one] for one in missing)


def _breach(duty: HandoverDuty, wrong: Wrong, path: Path, missing: tuple[str, ...]) -> Breach:
    branch = last_branch(duty.graph, path)
    statement = duty.graph.nodes[wrong.target].text
    word = "super block" if duty.contract.everywhere else "folio" if wrong.taking.folio else "page"
    calls = _calls(duty, wrong, missing)
    return branch.breach(statement, calls, word, wrong.taking.name)


def _why_lower(duty: HandoverDuty, wrong: Wrong, path: Path) -> tuple[Doubt, ...]:
    reasons = []
    if not duty.graph.whole:
        reasons.append((Confidence.MODERATE, f"a part of {duty.graph.name}() did not parse"))
    if wrong.missing == "recheck":
        level = Confidence.MODERATE if duty.truncated else Confidence.LOW
        reasons.append((level, duty.truncated or "nothing shows that its pages can be truncated"))
    for event in unsure(wrong, path)[:1]:
        reasons.append((Confidence.MODERATE, f"{event.note} at line {event.line} gives it back on some of its ways"))
    passed = [step for step in path.nodes if step in wrong.passes]
    for step in passed[:1]:
        line = duty.graph.nodes[step].line
        level = Confidence.LOW if duty.chain else Confidence.MODERATE
        reasons.append((level, f"the way passes a call at line {line} that may give it back, unseen"))
    for step in path.nodes[1:]:
        for call in duty.graph.nodes[step].calls:
            if cleans(call) and call.callee not in duty.contract.put and _may_find(call):
                reasons.append(
                    (Confidence.MODERATE, f"{call.callee}() at line {call.line} may give it back by its place")
                )
    return tuple(dict.fromkeys(reasons))


def _may_find(call: Call) -> bool:
    words = {word for text in call.arguments for word in _WORD.findall(text)}
    return bool(words & {"mapping", "index", "pagep", "foliop", "fsdata", "wc", "ctx"}) and not call.callee.startswith(
        ("filemap_", "mapping_")
    )
