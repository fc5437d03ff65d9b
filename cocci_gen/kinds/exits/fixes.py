"""A path to an exit -> FixPlan, in the style of the function's other exits."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable

from cocci_gen.coccinelle.smpl import SemanticPatch
from cocci_gen.code.graphs.control_flow import Call
from cocci_gen.findings.findings import FOR_GOOD, NoFix
from cocci_gen.kinds.exits.around import Written, span_of
from cocci_gen.kinds.exits.breaking import Breaking
from cocci_gen.kinds.exits.labels import also_kept, release_jump
from cocci_gen.kinds.exits.refusals import controls
from cocci_gen.kinds.exits.siblings import handing_over, left_taken
from cocci_gen.kinds.jumps import a_part_without
from cocci_gen.kinds.page_duty import PageDuty
from cocci_gen.kinds.page_words import page_words
from cocci_gen.kinds.suspects import FixPlan

#: Keeps the page locked by contract.
_ACTIVATE = "AOP_WRITEPAGE_ACTIVATE"

#: Renders the semantic patch of a mode with more of its context.
Render = Callable[..., SemanticPatch]


def written(call: Call) -> str:
    """A call as a statement."""
    return f"{call.text};"


def plan_release(breaking: Breaking, render: Render) -> FixPlan | NoFix:
    """Unlock before the exit, or go to the label that does; ->writepage also redirties, ->write_end also drops the page."""
    duty, owed = breaking.duty, []
    if duty.optional:
        return NoFix(
            f"{duty.graph.name}() is also called without one, and where to ask for it is for a person to decide"
        )
    if duty.stranger:
        return NoFix(f"{duty.stranger}() calls it too, and who unlocks the page there is for a person to see")
    if duty.torn:
        return NoFix(
            f"{duty.torn}() keeps it too, and whether the release behind both is missing is for a person to see"
        )
    release = _release_call(breaking)
    writes = duty.writes and breaking.fails and not breaking.passes("redirty", "start")
    if writes:
        dropped = breaking.permanent or breaking.voided
        redirty = "" if dropped else redirty_call(duty, release)
        if not redirty and not dropped:
            return NoFix("no writeback_control is in reach to redirty the page with")
        owed += [redirty] if redirty else []
    at = breaking.owned(breaking.number)
    if at is None:
        return breaking.shared_exit(breaking.number, "have unlocked the page")
    if at == breaking.number and (through := release_jump(breaking, owed)):
        ahead, jump = list(through.ahead), through.jump
        text = render("goto", inserts=ahead, exit=breaking.node.text, sets=list(jump.sets), label=jump.label)
        return FixPlan(text, breaking.node.line)
    left = left_taken(breaking.study, breaking.number, breaking.path)
    if any(not one.is_map for one in left):
        return NoFix(f"{left[0].says}: another exit is meant")
    if (also := also_kept(breaking, at)) and also not in {one.back.text for one in left}:
        return a_part_without(also)
    owed = [*(written(one.back) for one in left), *owed]
    around = _around(release) if writes and breaking.result.constant in FOR_GOOD else ("", "")
    owed += [text for text in (around[0], release, around[1]) if text]
    if breaking.put_is_owed(at) and (duty.obligation.method == "write_end" or breaking.others_put()):
        owed.append(
            re.sub(
                r"^unlock_page|^folio_unlock", "put_page" if release.startswith("unlock_page") else "folio_put", release
            )
        )
    at = breaking.before_put(at)
    return breaking.plan(at, render("insert", inserts=owed, exit=duty.graph.nodes[at].text or "return;", appends=[]))


def plan_writeback(breaking: Breaking, render: Render) -> FixPlan | NoFix:
    """Redirty before the unlock of a path that certainly failed; else writeback around the unlock."""
    duty, graph = breaking.duty, breaking.duty.graph
    unlock = breaking.passes("release")
    if unlock is None and _ACTIVATE not in (breaking.node.returned, breaking.result.constant):
        return NoFix("the page is not unlocked on this path; the missing unlock comes first")
    if unlock is None:
        return _redirtied(breaking, breaking.number, "", render)
    if unlock.marks != {"release"}:
        return NoFix(f"{unlock.callee}() unlocks the page, and it is shared with others")
    call = next(call for call in graph.nodes[unlock.node].calls if call.callee == unlock.callee)
    if breaking.fails and not breaking.permanent and breaking.voided:
        return NoFix("what the page holds counts no more on this path, and what is not up to date is not made dirty")
    if breaking.fails and not breaking.permanent:
        return _redirtied(breaking, unlock.node, written(call), render)
    if unlock.node in breaking.shared() or not breaking.study.only_breaks(unlock.node):
        return NoFix("the unlock is shared with paths that keep the rule")
    if breaking.passes("end"):
        return NoFix("writeback is ended on this path and was not begun, and where it begins is for a person to decide")
    writers = handing_over(duty)
    # What starts writeback where it writes, and has not started it on this path, has not written.
    undone = {touch.node for touch in duty.touches if "start" in touch.marks}
    if not breaking.permanent and not (writers - undone) & set(breaking.path.nodes):
        return NoFix("nothing shows that the page was written on this path, and only a person knows whether it need be")
    start, end = _around(written(call))
    span = span_of(Written(graph, unlock.node, writers, duty.waits, duty.aliases, duty.starts))
    patch = render("around", starts=start, first=span.first, exit=written(call), behind=span.behind, ends=end)
    return FixPlan(patch, unlock.line, span.lines)


def _around(unlock: str) -> tuple[str, str]:
    """Start and end of writeback, in the words of the unlock that they stand around."""
    folio = unlock.startswith("folio")
    names = ("folio_start_writeback", "folio_end_writeback") if folio else ("set_page_writeback", "end_page_writeback")
    given = unlock.partition("(")[2]
    return f"{names[0]}({given}", f"{names[1]}({given}"


def plan_end(breaking: Breaking, render: Render) -> FixPlan | NoFix:
    """End the writeback before the exit."""
    at = breaking.owned(breaking.number)
    start = next(touch for touch in breaking.duty.touches if touch.node in breaking.duty.starts)
    if at is None or not start.callee:
        return breaking.shared_exit(breaking.number, "have ended the writeback")
    call = next(call for call in breaking.duty.graph.nodes[start.node].calls if call.callee == start.callee)
    name = "folio_end_writeback" if "folio" in start.callee else "end_page_writeback"
    exit_text = breaking.duty.graph.nodes[at].text or "return;"
    return breaking.plan(at, render("insert", inserts=[f"{name}({call.arguments[0]});"], exit=exit_text, appends=[]))


def _redirtied(breaking: Breaking, wanted: int, unlock: str, render: Render) -> FixPlan | NoFix:
    redirty = redirty_call(breaking.duty, unlock)
    if not redirty:
        return NoFix("no writeback_control is in reach to redirty the page with")
    at = breaking.owned(wanted)
    if at is None:
        return breaking.shared_exit(wanted, "keep the rule")
    statement = breaking.duty.graph.nodes[at]
    left = left_taken(breaking.study, breaking.number, breaking.path) if at == breaking.number else ()
    undone = [written(one.back) for one in left if one.is_reference]
    return breaking.plan(at, render("insert", inserts=[redirty, *undone], exit=statement.text, appends=[]))


def _release_call(breaking: Breaking) -> str:
    """The release as the function itself writes it elsewhere, else the plain one for the parameter's type."""
    duty = breaking.duty
    ready = {duty.resource_name} | {a.left for a in duty.graph.assignments() if a.declares and a.left in duty.aliases}
    for call in duty.graph.calls():
        if call.callee in page_words().unlock.values() and call.arguments and call.arguments[0] in ready:
            return written(call)
    name = _usual_name(duty, ready)
    return f"{'folio_unlock' if _is_folio(duty, name) else 'unlock_page'}({name});"


def _usual_name(duty: PageDuty, ready: Iterable[str]) -> str:
    """The name by which the function speaks of the page most, of those that it has from the start; of equals its own."""
    uses = Counter(text for call in duty.graph.calls() for text in call.arguments)
    return max(sorted(ready), key=lambda name: (uses[name], name == duty.resource_name))


def _is_folio(duty: PageDuty, name: str) -> bool:
    """Whether a name is that of a folio, by what it was made of: `page_folio(page)`, `&folio->page`."""
    made = next((a.right for a in duty.graph.assignments() if a.declares and a.left == name), "")
    if made.endswith("->page") or "folio_page" in made:
        return False
    return "page_folio" in made or "folio" in duty.resource_type


def redirty_call(duty: PageDuty, release: str) -> str:
    """The redirty in the vocabulary of the unlock beside it; "" when no writeback_control is in reach."""
    found = re.match(r"(unlock_page|folio_unlock)\((\w+)\)", release)
    folio = found.group(1) == "folio_unlock" if found else "folio" in duty.resource_type
    name = found.group(2) if found else duty.resource_name
    redirty = "folio_redirty_for_writepage" if folio else "redirty_page_for_writepage"
    return next((f"{redirty}({control}, {name});" for control in controls(duty)), "")
