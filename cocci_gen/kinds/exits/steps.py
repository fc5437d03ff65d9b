"""A step that is wrong in the state in which a way comes to it -> Suspect: the lock taken again, given back twice, or forgotten
for that of the next page."""

from __future__ import annotations

from cocci_gen.code.searches.explorations import Wronged
from cocci_gen.code.searches.paths import Path
from cocci_gen.facts.calls.page_calls import call_vocabulary
from cocci_gen.facts.calls.steps import Step
from cocci_gen.findings.findings import Confidence, Doubt, NoFix
from cocci_gen.kinds.branches import first_of_two, last_branch, way_steps, when
from cocci_gen.kinds.exits.doubts import doubts
from cocci_gen.kinds.exits.machines import FORGOTTEN, HANDED, LODGED, PROMISED, RELEASED_TWICE, RELOCKED, UNSEEN
from cocci_gen.kinds.exits.study import Study
from cocci_gen.kinds.page_duty import resource_word
from cocci_gen.kinds.suspects import Suspect, Told, finding_of

#: What only a person can say of a step; of the others it is which of two is too many.
_OPEN = {FORGOTTEN: "where it is to be unlocked", PROMISED: "whether the unlock or the code is wrong"}


def wrong_step(study: Study, one: Wronged, text: str) -> Suspect:
    """The finding about one call; which of the two is too many is for a person to decide."""
    duty, event = study.duty, one.event
    graph, word = duty.graph, resource_word(duty)
    explored, file = study.explored(), duty.definition.path
    path = explored.path(one.stop)
    first = {} if one.says == FORGOTTEN else first_of_two(explored.stops(one.stop), duty.events, file)
    way = way_steps(graph, path, file, first)
    branch = last_branch(graph, path).told()
    node = graph.nodes[event.node]
    so = when(branch.condition, taken=branch.taken)
    what = {
        RELOCKED: f"locks the {word}, which is locked already",
        RELEASED_TWICE: f"unlocks the {word}, which it has unlocked already",
        FORGOTTEN: f"takes the next {word} and leaves the one before locked{so}",
        PROMISED: f"returns {one.words} with the {word} unlocked, and its caller unlocks it once more",
    }[one.says]
    reached = event.note if one.says == PROMISED else one.words
    told = Told(
        line=event.line,
        code=f"{branch.condition}|{branch.taken}|{one.says}|{node.text}",
        message=f"{graph.name}() {what}",
        breach=branch.breach(node.text, (), word, duty.resource_name),
        evidence=(*duty.chain, *way, Step(file, event.line, f"{reached} is reached")),
        doubts=_why_lower(study, one, path),
    )
    why = _OPEN.get(one.says, "which of the two is too many")
    return Suspect(finding_of(duty, told, text), path, NoFix(f"{why} is for a person to decide"))


def _why_lower(study: Study, one: Wronged, path: Path) -> tuple[Doubt, ...]:
    graph, found = study.duty.graph, list[Doubt]()
    if one.says == FORGOTTEN:  # nobody but who finds it by its place gives it back any more
        found += doubts("unlocks", study.duty, one.event.node, path, ())
    call = one.event.call
    next_one = one.says == FORGOTTEN
    if one.says in (RELOCKED, RELEASED_TWICE) and (call is None or call.callee not in call_vocabulary().marks):
        found.append((Confidence.MODERATE, f"{one.words}: the callee may do so on some of its ways only"))
    stops = study.explored().stops(one.stop)
    # Who has unlocked it in plain sight is not asked what others did before.
    if one.says != PROMISED and any(stop.state in (HANDED, LODGED, UNSEEN) for stop in stops):
        found.append((Confidence.LOW, "the page was handed on before"))
    if not next_one and len({stop.node for stop in stops}) < len(stops):
        found.append((Confidence.LOW, "the way goes through a loop, and the page may be another one then"))
    for stop in stops[:-1]:
        for event in study.duty.events.get(stop.node, ()):
            if event.outcome(stop.state, stop.facts).ambiguous:
                level = Confidence.MODERATE if next_one else Confidence.LOW
                found.append((level, f"{event.note} at line {event.line} does so on some of its ways"))
    if not graph.whole:
        found.append((Confidence.MODERATE, f"a part of {graph.name}() did not parse"))
    return tuple(dict.fromkeys(found))
