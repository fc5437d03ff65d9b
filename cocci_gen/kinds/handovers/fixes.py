"""A return that leaks what the function has taken -> FixPlan, the missing calls before it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cocci_gen.coccinelle.smpl import SemanticPatch, render
from cocci_gen.code.searches.paths import Path, find_path
from cocci_gen.code.states.known import ANY, NEGATIVE
from cocci_gen.findings.findings import NoFix
from cocci_gen.kinds.handovers.contracts import Says
from cocci_gen.kinds.handovers.over import OVER, good_label
from cocci_gen.kinds.handovers.wrong_returns import HandoverDuty, Wrong, searched
from cocci_gen.kinds.jumps import a_part_without, also_owed, jump_for
from cocci_gen.kinds.suspects import FixPlan

_WORD = re.compile(r"[A-Za-z_]\w*")
_ENTRY = 0
#: So many calls that several returns lack are written once, behind a label.
_COPIES = 2


#: Names for a label that gives something back, the usual one first.
_LABELS = ("out_unlock", "out_put", "out_release", "err_release")


@dataclass(frozen=True, slots=True)
class Leak:
    """A return that leaks what was taken, the way to it, the calls that it lacks, and what it must undo before them."""

    wrong: Wrong
    path: Path
    missing: tuple[str, ...]
    undone: tuple[str, ...] = ()


def handover_plan(duty: HandoverDuty, leak: Leak) -> FixPlan | NoFix:
    """The missing calls before a return that only this failure reaches, or before the last jump of the way that only it does."""
    wrong, missing = leak.wrong, leak.missing
    node = duty.graph.nodes[wrong.target]
    alone = missing in (("unlock_page",), ("folio_unlock",))
    alone |= duty.contract.everywhere and wrong.says is Says.FAILURE and not missing
    if duty.contract.put and alone:
        return NoFix("the reference is dropped on the way, and the lock must be given back before it")
    if any(event.node != wrong.target for event in wrong.sometimes):
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
    without = any(one.node == wrong.target and one.state not in OVER.open for one in searched(duty, wrong).arrivals)
    if isinstance(before, Path) or given_back or without:
        return _before_jump(duty, leak)
    made = [_made(duty, leak, one) for one in missing]
    signs = NEGATIVE if wrong.says is Says.FAILURE else ANY
    if not leak.undone and (jump := jump_for(duty.graph, wrong.target, made, signs)):
        lines = [*jump.sets, f"goto {jump.label};"]
        return FixPlan(_inserted(duty, leak, node.text, tuple(lines)), node.line)
    if also := also_owed(duty.graph, wrong.target, [number for numbers in made for number in numbers]):
        return a_part_without(also)
    return FixPlan(_inserted(duty, leak, node.text), node.line)


def _made(duty: HandoverDuty, leak: Leak, callee: str) -> list[int]:
    """The statements that are one of the missing calls."""
    text = f"{callee}({leak.wrong.taking.name});"
    return [number for number, node in enumerate(duty.graph.nodes) if node.text == text]


def _inserted(duty: HandoverDuty, leak: Leak, statement: str, jump: tuple[str, ...] = ()) -> SemanticPatch:
    """The missing calls before a statement, or what a jump to them is in its place."""
    taking = leak.wrong.taking
    inserts = [*leak.undone, *(f"{call}({taking.name});" for call in leak.missing)]
    more = {"exit": statement, "thing": taking.name, "taker": taking.callee, "jump": jump}
    context = handover_context(duty, "fix", inserts=inserts, **more)
    return render("returns_locked", duty.obligation.id, context)


def _before_jump(duty: HandoverDuty, leak: Leak) -> FixPlan | NoFix:
    """The missing calls before a `goto` that is come to only with the thing in hand, and behind which nothing gives it back."""
    graph, wrong = duty.graph, leak.wrong
    without = set(graph.behind((_ENTRY,), {wrong.taking.node})) | {_ENTRY}
    for node in graph.nodes:
        if node.kind == "condition" and (good := good_label(node, wrong.taking.name)):
            failed = [after for after, label in node.successors if label != good]
            without |= {*failed, *graph.behind(failed)}
    given = wrong.blocked & graph.behind((wrong.taking.node,))
    given |= graph.behind(given)
    found = searched(duty, wrong)
    for number in reversed(leak.path.nodes):
        statement = graph.nodes[number].text
        own = number not in without and number not in given and not graph.behind((number,)) & wrong.blocked
        own = own and found.at(number) <= OVER.open
        if statement.startswith("goto ") and own:
            alike = {node.line for node in graph.nodes if node.text == statement} - {graph.nodes[number].line}
            made = [_made(duty, leak, one) for one in leak.missing]
            signs = NEGATIVE if wrong.says is Says.FAILURE else ANY
            found_jump = None if leak.undone else jump_for(graph, number, made, signs)
            if not found_jump and (also := also_owed(graph, number, [one for numbers in made for one in numbers])):
                return a_part_without(also)
            lines = (f"goto {found_jump.label};",) if found_jump else ()
            return FixPlan(_inserted(duty, leak, statement, lines), graph.nodes[number].line, (), tuple(sorted(alike)))
    return NoFix("other ways, on which nothing is to be given back, lead to the same return")


def shared_label(duty: HandoverDuty, leaks: Sequence[Leak]) -> FixPlan | NoFix:
    """One label for several returns that lack the same calls, at the end of the function."""
    graph, missing = duty.graph, leaks[0].missing
    returns = {number: node for number, node in enumerate(graph.nodes) if node.kind == "return" and node.text}
    last = max(returns.values(), key=lambda node: node.line)
    ends = [returns[leak.wrong.target] for leak in leaks]
    variables = {node.returned for node in ends if _WORD.fullmatch(node.returned)}
    names = [name for name in _LABELS if name not in {label for label, _ in graph.labels}]
    alone = [node.text for node in returns.values()].count(last.text) == 1
    guards = [_guard(duty, leak) for leak in leaks]
    if len(variables) != 1 or last in ends or not alone or not names or not all(guards) or len(missing) < _COPIES:
        return NoFix("the returns have no label in common")
    if len({(leak.missing, leak.wrong.taking.name) for leak in leaks}) != 1:
        return NoFix("the returns do not lack the same")
    [variable] = variables
    jumps = [
        {"guard": guard, "exit": node.text, "value": node.returned} for guard, node in zip(guards, ends, strict=True)
    ]
    jumps = [jump for number, jump in enumerate(jumps) if jump not in jumps[:number]]
    inserts = [f"{call}({leaks[0].wrong.taking.name});" for call in missing]
    more = {"jumps": jumps, "label": names[0], "last": last.text, "variable": variable}
    words = " ".join([variable, leaks[0].wrong.taking.name, last.text, *guards])
    known = {p.name for p in graph.parameters} | {a.left for a in graph.assignments()}
    context = handover_context(duty, "label", inserts=inserts, **more)
    context["symbols"] = sorted(set(_WORD.findall(words)) & known)
    lines = [node.line for node in (*ends, last)]
    return FixPlan(render("returns_locked", duty.obligation.id, context), lines[0], tuple(lines[1:]))


def _guard(duty: HandoverDuty, leak: Leak) -> str:
    """SmPL for the plain test right before a return; "" where it is none."""
    if not leak.path.decisions:
        return ""
    decision = leak.path.decisions[-1]
    test = duty.graph.nodes[decision.node]
    follows = any(after == leak.wrong.target and label == decision.label for after, label in test.successors)
    if not follows or not re.fullmatch(r"[A-Za-z_]\w*(?:(?:->|\.)\w+)*", test.text):
        return ""
    text = test.text if decision.label == "true" else f"!{test.text}"
    return f"\\({text}\\|unlikely({text})\\)"


def handover_context(duty: HandoverDuty, mode: str, **more: object) -> dict[str, object]:
    """What the template is told: of the report all calls that take or give back, of a fix also what it inserts where."""
    contract = duty.contract
    failing = [wrong for wrong in duty.wrongs if wrong.says is Says.FAILURE or wrong.missing in ("value", "recheck")]
    unlocked = [wrong for wrong in duty.wrongs if wrong.missing == "taken"]
    written = " ".join(
        str(part) for value in more.values() for part in (value if isinstance(value, (list, tuple)) else [value])
    )
    names = {p.name for p in duty.graph.parameters} | {a.left for a in duty.graph.assignments()}
    names |= {label for label, _ in duty.graph.labels}
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
        "steps": sorted(
            {c.callee for one in duty.twice for c in duty.graph.nodes[one.node].calls if c.line == one.line}
        )
        if mode == "report"
        else [],
        "symbols": sorted(set(_WORD.findall(written)) & names),
        **more,
    }
