"""A return to which a way leads that leaves the duty undone -> Suspect: how sure that is, and what would mend it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from cocci_gen.coccinelle.smpl import SemanticPatch, render
from cocci_gen.code.graphs.warned import warns_of
from cocci_gen.code.searches.explorations import Arrival
from cocci_gen.code.searches.paths import Decision, NoPath, Path
from cocci_gen.facts.calls.steps import Step
from cocci_gen.findings.findings import ALSO_HERE, BY_HERE, DROPPED_HERE, EVERY_WAY, LEFT_HERE, Confidence, Doubt, NoFix
from cocci_gen.kinds.exits.breaking import Breaking
from cocci_gen.kinds.exits.delegates import stopping
from cocci_gen.kinds.exits.doubts import does_to_it, doubts, excuses
from cocci_gen.kinds.exits.fixes import plan_end, plan_release, plan_writeback, written
from cocci_gen.kinds.exits.machines import LATE
from cocci_gen.kinds.exits.owing import Owing
from cocci_gen.kinds.exits.patches import context
from cocci_gen.kinds.exits.refusals import refuses_caller, refuses_cleansing
from cocci_gen.kinds.exits.siblings import left_taken
from cocci_gen.kinds.exits.study import Study, may_be_success
from cocci_gen.kinds.exits.told import breach_at, evidence_of, message_of
from cocci_gen.kinds.page_duty import PageDuty
from cocci_gen.kinds.page_words import page_words
from cocci_gen.kinds.suspects import FixPlan, Suspect, Told, finding_of
from cocci_gen.kinds.ways import ways_to


def suspect_at(owing: Owing, study: Study, number: int, text: str) -> Suspect:
    """What is wrong at the return `number`, which the semantic patch `text` stars."""
    duty = study.duty
    node = duty.graph.nodes[number]
    arrival, reasons = _worst(owing, study, number)
    excused = frozenset(reasons)
    path = NoPath(exhausted=True) if arrival is None else study.explored(excused).path(arrival.stop)
    others = tuple(
        touch
        for touch in stopping(owing, duty)
        if touch.marks & {"escape", "hand_on", "unknown"}
        and not touch.marks & owing.owed
        and touch.callee not in duty.takers
    )
    lowered: tuple[Doubt, ...] = ((Confidence.LOW, "no feasible path"),)
    if arrival is not None and isinstance(path, Path):
        lowered = doubts(owing.kind, duty, number, path, others) + _sometimes(owing, study, arrival, excused)
    breach = breach_at(owing, duty, number, path)
    told = Told(
        line=node.line,
        code=f"{breach.condition}|{breach.taken}|{node.text}",
        message=message_of(owing, duty, breach, "" if arrival is None else study.says(arrival)),
        breach=breach,
        evidence=evidence_of(owing, duty, number, path),
        doubts=lowered,
    )
    finding = finding_of(duty, told, text)
    if finding.confidence is Confidence.LOW:
        return Suspect(finding, path, NoFix("nobody takes a patch for a finding of low confidence"))
    if arrival is None or not isinstance(path, Path):
        return Suspect(finding, path, NoFix("no feasible path"))
    plan = _plan(owing, study, number, path, arrival, excused)
    if isinstance(plan, FixPlan):
        # The second place of one fix lies on the path that is shown: no other way comes by it.
        passed = {duty.graph.nodes[one].line for one in path.nodes}
        come = ways_to(duty.graph, duty.graph.before((number,)), {node.line}) if plan.anchor == node.line else ()
        also = [line for line in dict.fromkeys((*plan.more, *come)) if line not in passed]
        more = tuple(Step(duty.definition.path, line, ALSO_HERE if line in plan.more else BY_HERE) for line in also)
        for left in left_taken(study, number, path) if owing.kind == "writeback" else ():
            undone = f"+{written(left.back)}" in plan.semantic_patch.text
            then = f"{left.back.callee}() gives it back there too" if undone else "that is left for another patch"
            more += (Step(duty.definition.path, node.line, f"{left.says}; {then}"),)
        more += tuple(_left(duty, branch, why) for branch, why in reasons.items())
        if not any(not study.breaks(one) for one in study.explored().arrivals):
            more += (Step(duty.definition.path, node.line, EVERY_WAY),)
        # Whoever reads a page has no data in it to keep.
        if owing.kind == "unlocks" and duty.writes and not also and "redirty" not in plan.semantic_patch.text:
            more += tuple(Step(duty.definition.path, node.line, f"{DROPPED_HERE}: {why}") for why in _lost(duty, path))
        finding = replace(finding, evidence=(*finding.evidence, *more))
    return Suspect(finding, path, plan)


def _left(duty: PageDuty, branch: Decision, why: str) -> Step:
    """What a fix leaves as it is: the statement behind a branch that kernel practice excuses."""
    nodes = duty.graph.nodes
    behind = [nodes[after].line for after, label in nodes[branch.node].successors if label == branch.label]
    return Step(duty.definition.path, behind[0], f"{LEFT_HERE}: {why}")


def _lost(duty: PageDuty, path: Path) -> Iterator[str]:
    """Why a way that only lacks the unlock is not to keep the data either."""
    if any(warns_of(duty.graph.nodes[one.node], one.label) for one in path.decisions[-1:]):
        yield "the function warns of it, and would at every later try"
    if does_to_it(duty, path, page_words().voids):
        yield "what it holds counts no more"
    yield from excuses("writeback", duty, path).values()


def _sometimes(owing: Owing, study: Study, arrival: Arrival, excused: frozenset[Decision]) -> tuple[Doubt, ...]:
    """A callee on the way that does what is owed under a condition of its own; what there is to write, it may know better."""
    level = Confidence.LOW if owing.kind == "writeback" else Confidence.MODERATE
    return tuple(
        (level, f"{event.note} at line {event.line} does so on some of its ways, and does not say on which")
        for event in study.unsure(arrival, excused)[:1]
    )


def _worst(owing: Owing, study: Study, number: int) -> tuple[Arrival | None, dict[Decision, str]]:
    """The arrival that breaks more than the letter, where there is one beside those that kernel practice excuses, and the
    branches by which those come, with the reasons; else the first."""
    first = arrival = study.arrival(number)
    excused: dict[Decision, str] = {}
    while arrival is not None:
        path = study.explored(excused).path(arrival.stop)
        found = excuses(owing.kind, study.duty, path)
        if not found.keys() - excused.keys():
            return _ordinary(owing, study, arrival, excused), excused
        excused |= found
        arrival = study.arrival(number, excused=excused)
    return first, {}


def _ordinary(owing: Owing, study: Study, arrival: Arrival, excused: dict[Decision, str]) -> Arrival:
    """The arrival that breaks the rule about writeback of a page that it has unlocked, where there is one beside that which keeps
    it locked: the missing unlock is told of that one, and what every page passes would not be told at all."""
    explored, touches = study.explored(excused), study.duty.touches

    def unlocks(one: Arrival) -> bool:
        nodes = set(explored.path(one.stop).nodes)
        return any("release" in touch.marks and touch.node in nodes for touch in touches)

    if owing.kind != "writeback" or owing.opens or unlocks(arrival):
        return arrival

    def plainly(one: Arrival) -> bool:
        return unlocks(one) and not excuses(owing.kind, study.duty, explored.path(one.stop)).keys() - excused.keys()

    return study.arrival(arrival.node, plainly, excused) or arrival


def _plan(
    owing: Owing, study: Study, number: int, path: Path, arrival: Arrival, excused: frozenset[Decision]
) -> FixPlan | NoFix:
    duty = study.duty

    def patch(mode: str, **more: object) -> SemanticPatch:
        return render(owing.kind, duty.obligation.id, context(owing, duty, mode, **more))

    if study.says(arrival) == LATE:
        return NoFix("writeback is started too late, and where the page may be unlocked is for a person to decide")
    if study.unsure(arrival, excused):
        return NoFix("a call on the way does so sometimes, and would be done twice then")
    excused = _also_excused(owing, study, number, excused)
    fails = _fails(study, number, path, excused)
    breaking = Breaking(study, number, path, excused, fails=fails, result=arrival.result)
    if owing.opens:
        return plan_end(breaking, patch)
    if owing.kind == "unlocks":
        return plan_release(breaking, patch)
    return plan_writeback(breaking, patch)


def _also_excused(owing: Owing, study: Study, number: int, excused: frozenset[Decision]) -> frozenset[Decision]:
    """The branches that practice excuses on other ways to a return, those that succeed: a fix of the failing one leaves them."""
    while True:
        arrival = study.arrival(number, may_be_success, excused)
        path = study.explored(excused).path(arrival.stop) if arrival is not None else None
        found = excuses(owing.kind, study.duty, path) if path is not None else {}
        if not found.keys() - excused:
            return excused
        excused |= found.keys()


def _fails(study: Study, number: int, path: Path, excused: frozenset[Decision]) -> bool:
    """Whether the return certainly hands back an error or AOP_WRITEPAGE_ACTIVATE, or refuses its caller and not the page, on
    every path that breaks the rule and is not excused."""
    duty = study.duty
    value = duty.graph.nodes[number].returned
    if re.fullmatch(r"-E[A-Z0-9]+|AOP_WRITEPAGE_ACTIVATE|-\d+", value):
        return True
    if refuses_cleansing(duty, path) or refuses_caller(duty, path):
        return True
    if not re.fullmatch(r"[a-z_]\w*", value):
        return False
    return study.arrival(number, may_be_success, excused) is None
