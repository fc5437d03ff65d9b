"""What is wrong at a return -> the words and the steps in which it is told."""

from __future__ import annotations

from collections import defaultdict

from cocci_gen.code.searches.paths import NoPath, Path
from cocci_gen.facts.calls.steps import Step
from cocci_gen.facts.pages.pages import Touch
from cocci_gen.findings.findings import Breach
from cocci_gen.kinds.branches import last_branch, way_steps, when
from cocci_gen.kinds.exits.machines import LATE
from cocci_gen.kinds.exits.owing import Owing
from cocci_gen.kinds.page_duty import PageDuty, resource_word


def breach_at(owing: Owing, duty: PageDuty, number: int, path: Path | NoPath) -> Breach:
    """The breach at a return to which a path leads, by the last branch of that."""
    branch = last_branch(duty.graph, path).told()
    statement = duty.graph.nodes[number].text or "the end of the function"
    return branch.breach(statement, missing_calls(owing, duty), resource_word(duty), duty.resource_name)


def missing_calls(owing: Owing, duty: PageDuty) -> tuple[str, ...]:
    """The calls that the path owes, in the vocabulary of the function."""
    folio = resource_word(duty) == "folio"
    if owing.opens:
        return ("folio_end_writeback",) if folio else ("end_page_writeback",)
    if owing.kind == "unlocks":
        return ("folio_unlock",) if folio else ("unlock_page",)
    return (
        ("folio_redirty_for_writepage", "folio_start_writeback")
        if folio
        else ("redirty_page_for_writepage", "set_page_writeback")
    )


def message_of(owing: Owing, duty: PageDuty, breach: Breach, says: str) -> str:
    """The one line that tells of a breach; `says` is what its machine calls wrong there."""
    so = when(breach.condition, taken=breach.taken)
    if owing.kind == "unlocks":
        return f"{duty.graph.name}() returns with the {breach.resource} locked{so}"
    if says == LATE:
        return f"{duty.graph.name}() unlocks the {breach.resource} before it starts its writeback{so}"
    if owing.opens:
        return f"{duty.graph.name}() starts writeback of the {breach.resource} and does not end it{so}"
    return f"{duty.graph.name}() neither redirties the {breach.resource} nor starts writeback{so}"


def evidence_of(owing: Owing, duty: PageDuty, number: int, path: Path | NoPath) -> tuple[Step, ...]:
    """The way with what it does to the page, and behind it what else the function does, where no way goes or another one."""
    node, file = duty.graph.nodes[number], duty.definition.path
    reached = Step(file, node.line, f"`{node.text or '}'}` is reached")
    if isinstance(path, NoPath):
        why = "every path to this return contradicts itself" if path.exhausted else "too many paths to search"
        others = (_touched(duty, touch, "no path to this return is known to pass it") for touch in duty.touches)
        return (*duty.chain, Step(file, node.line, why), reached, *others)
    passed = defaultdict[int, list[Step]](list)
    elsewhere = list[Step]()
    for touch in duty.touches:
        if touch.node in path.nodes:
            always = " on every way" if touch.marks & owing.stops else ""
            passed[touch.node].append(_touched(duty, touch, f"passed, does not discharge the obligation{always}"))
        else:
            elsewhere.append(_touched(duty, touch, "not passed on this path"))
    return (*duty.chain, *way_steps(duty.graph, path, file, passed), reached, *elsewhere)


def _touched(duty: PageDuty, touch: Touch, how: str) -> Step:
    """What a node does to the page, and how the path stands to it."""
    return Step(duty.definition.path, touch.line, f"{touch.note} [{', '.join(sorted(touch.marks))}]: {how}")
