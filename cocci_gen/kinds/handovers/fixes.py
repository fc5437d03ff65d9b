"""A return that leaks what the function has taken -> FixPlan, the missing calls before it."""

from __future__ import annotations

import re

from cocci_gen.coccinelle.smpl import render
from cocci_gen.code.paths import Path, find_path
from cocci_gen.findings.findings import NoFix
from cocci_gen.kinds.handovers.contracts import Says
from cocci_gen.kinds.handovers.wrong_returns import HandoverDuty, Wrong
from cocci_gen.kinds.suspects import FixPlan

_WORD = re.compile(r"[A-Za-z_]\w*")


def handover_plan(duty: HandoverDuty, wrong: Wrong, missing: tuple[str, ...]) -> FixPlan | NoFix:
    """The missing calls before a return that only this failure reaches."""
    node = duty.graph.nodes[wrong.target]
    if duty.contract.put and missing in (("unlock_page",), ("folio_unlock",)):
        return NoFix("the reference is dropped on the way, and the lock must be given back before it")
    if wrong.sometimes:
        return NoFix("a call of the function gives it back sometimes, and would do so twice then")
    if wrong.passes:
        return NoFix("a call on the way cannot be seen through, and may give it back")
    if not missing:
        return NoFix("what is missing is more than a call")
    if not re.fullmatch(
        r"return (?:-E[A-Z0-9]+|PTR_ERR\(\w+\)|VM_FAULT_[A-Z]+|0|ERR_PTR\(-?\w+\)|[a-z_]\w*);", node.text
    ):
        return NoFix("the returned value may depend on what is given back")
    before = find_path(duty.graph, wrong.target, {wrong.taking.node})
    given_back = [
        node
        for node in wrong.blocked
        if isinstance(find_path(duty.graph, node, (), start=wrong.turn), Path)
        and isinstance(find_path(duty.graph, wrong.target, {wrong.taking.node}, start=node), Path)
    ]
    if isinstance(before, Path) or given_back:
        return NoFix("other ways, on which nothing is to be given back, lead to the same return")
    inserts = [f"{call}({wrong.taking.name});" for call in missing]
    context = handover_context(
        duty, "fix", inserts=inserts, exit=node.text, thing=wrong.taking.name, taker=wrong.taking.callee
    )
    return FixPlan(render("returns_locked", duty.obligation.id, context), node.line)


def handover_context(duty: HandoverDuty, mode: str, **more: object) -> dict[str, object]:
    """What the template is told: of the report all calls that take or give back, of a fix also what it inserts where."""
    contract = duty.contract
    failing = [wrong for wrong in duty.wrongs if wrong.says is Says.FAILURE or wrong.missing in ("value", "recheck")]
    unlocked = [wrong for wrong in duty.wrongs if wrong.missing == "taken"]
    written = " ".join(str(part) for value in more.values() for part in (value if isinstance(value, list) else [value]))
    names = {p.name for p in duty.graph.parameters} | {a.left for a in duty.graph.assignments()}
    return {
        "mode": mode,
        "obligation": duty.obligation,
        "function": duty.graph.name,
        "takers": sorted({wrong.taking.callee for wrong in failing}) or sorted(contract.returning | contract.locking),
        "releases": sorted(
            {
                c.callee
                for w in unlocked
                for c in duty.graph.nodes[w.turn].calls
                if c.callee in duty.contract.release | duty.contract.both
            }
        ),
        "retakers": sorted({wrong.taking.callee for wrong in unlocked}),
        "unlocked": [],
        "symbols": sorted(set(_WORD.findall(written)) & names),
        **more,
    }
