"""A function that takes something for its caller -> Wrong, each return that says the wrong thing."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from cocci_gen.code.control_flow import Node
from cocci_gen.code.paths import Facts, NoPath, Path
from cocci_gen.code.turns import Turn, way_over
from cocci_gen.kinds.duties import Duty, TreeFacts
from cocci_gen.kinds.handovers.contracts import Contract, Says
from cocci_gen.kinds.handovers.rechecks import recheck_nodes
from cocci_gen.kinds.handovers.takings import Taker, Taking, Thing

_WORD = re.compile(r"[A-Za-z_]\w*")
_VARIABLE = re.compile(r"^[a-z_]\w*$")


@dataclass(frozen=True, slots=True)
class Wrong:
    """A return that says the wrong thing: the way to it leads over `turn` (the taking, or a release) and from there past
    none of `blocked`, but perhaps past calls of `passes`, which cannot be seen through; `missing` is what the way
    lacks ("lock", "reference", "value", "taken" or "recheck")."""

    target: int
    turn: int
    label: str
    blocked: frozenset[int]
    says: Says
    missing: str
    taking: Taking
    passes: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class HandoverDuty(Duty):
    """A function that takes something for its caller, and its suspicious returns; `truncated` is why the pages can be
    truncated, "" when nothing says so."""

    contract: Contract
    out: str
    wrongs: tuple[Wrong, ...]
    truncated: str = ""


def wrongs_of(duty: HandoverDuty, facts: TreeFacts) -> tuple[Wrong, ...]:
    """Every return of the function to which a way leads that says the wrong thing."""
    taker = Taker(duty.graph, duty.definition.path, duty.contract, duty.out, facts)
    returns = [number for number, node in enumerate(duty.graph.nodes) if node.kind == "return" and node.text]
    found: list[Wrong] = []
    rechecks = duty.contract.rechecks
    for taking in taker.takings():
        thing = Thing(taker, taking)
        gone, put, retaken = thing.nodes()
        unseen, releases = thing.unseen(), sorted(thing.releases())
        turn, label = taking.node, taking.label
        for number in returns:
            found.append(_failure(duty, number, gone, unseen, "lock", taking))
            if duty.contract.put:
                found.append(_failure(duty, number, put, unseen, "reference", taking))
            if duty.out and taking.name != f"*{duty.out}":
                found.append(Wrong(number, turn, label, _handed_out(duty) | gone, Says.SUCCESS, "value", taking))
            for node in releases:
                found.append(Wrong(number, node, "", retaken, Says.SUCCESS, "taken", taking))
        if rechecks is not None and taking.callee not in duty.contract.returning:  # what returns it has looked itself
            checked = recheck_nodes(thing, rechecks) | (gone - unseen)
            found += [Wrong(number, turn, label, checked, Says.SUCCESS, "recheck", taking) for number in returns]
    return tuple(wrong for wrong in found if isinstance(way_to(duty, wrong), Path))


def _failure(
    duty: HandoverDuty, target: int, blocked: frozenset[int], unseen: frozenset[int], missing: str, taking: Taking
) -> Wrong:
    """The failing return by a way that trusts no unknown call, or, where there is none, by one that passes some."""
    strict = Wrong(target, taking.node, taking.label, blocked, Says.FAILURE, missing, taking)
    if not unseen or isinstance(way_to(duty, strict), Path):
        return strict
    return replace(strict, blocked=blocked - unseen, passes=unseen)


def _handed_out(duty: HandoverDuty) -> frozenset[int]:
    """Nodes that store through the out parameter or pass it on."""
    out = duty.out
    return frozenset(
        number
        for number, node in enumerate(duty.graph.nodes)
        if any(a.left == f"*{out}" for a in node.assignments)
        or any(out in _WORD.findall(text) for c in node.calls for text in c.arguments)
    )


def _good(node: Node, name: str) -> str:
    """The label of a test of a pointer that means "there is one", "" when it tests something else."""
    place = re.escape(name)
    text = node.text
    for assignment in node.assignments:
        if assignment.left == name:
            text = text.replace(f"({name} = {assignment.right})", name)
            text = name if text == f"{name} = {assignment.right}" else text
    if re.fullmatch(rf"{place}|{place} != NULL", text):
        return "true"
    if re.fullmatch(rf"{place} == NULL|IS_ERR(?:_OR_NULL)? ?\({place}\)", text):
        return "false"
    return ""


def way_to(duty: HandoverDuty, wrong: Wrong) -> Path | NoPath:
    """A way from the entry over the turn to the return, on which the value is what `wrong` says it is."""
    value = duty.graph.nodes[wrong.target].returned

    def refused(node: Node, label: str) -> bool:
        good = _good(node, wrong.taking.name)
        return good != "" and label != good

    path = way_over(
        duty.graph,
        Turn(wrong.turn, wrong.label, wrong.target, wrong.blocked),
        refused=refused,
        accept=lambda facts: _may_say(duty, wrong, value, facts),
    )
    if isinstance(path, NoPath) or _assigned(duty, wrong, value, path):
        return path
    return NoPath(exhausted=False)


def _may_say(duty: HandoverDuty, wrong: Wrong, value: str, facts: Facts) -> bool:
    says = duty.contract.says(value, facts)
    return says is wrong.says or (duty.contract.outcome == "pointer" and _VARIABLE.match(value) is not None)


def _assigned(duty: HandoverDuty, wrong: Wrong, value: str, path: Path) -> bool:
    """Whether the returned variable got its value by an assignment that says so, where only a test tells it or nothing."""
    if not _VARIABLE.match(value) or (wrong.says is Says.FAILURE and duty.contract.outcome != "pointer"):
        return True
    rights = [a.right for step in path.nodes for a in duty.graph.nodes[step].assignments if a.left == value]
    return bool(rights) and duty.contract.says(rights[-1], ()) is wrong.says
