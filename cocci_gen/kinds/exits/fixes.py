"""A path to an exit -> FixPlan, in the style of the function's other exits.

A call may only be added where every path owes it.  An exit that other paths share with their duty done is left alone; the
call then goes to the last place on the breaking path that no such path reaches, for instance before a `goto`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from cocci_gen.coccinelle.smpl import SemanticPatch
from cocci_gen.code.control_flow import Call, Node
from cocci_gen.code.machines import ANYTHING, Result
from cocci_gen.code.paths import Decision, Path
from cocci_gen.code.wrappers import warns_always, warns_of
from cocci_gen.facts.page_calls import call_vocabulary
from cocci_gen.facts.page_places import is_alias
from cocci_gen.facts.pages import Touch
from cocci_gen.findings.findings import FOR_GOOD, NoFix
from cocci_gen.kinds.exits.around import Written, span_of
from cocci_gen.kinds.exits.refusals import controls, refuses_caller
from cocci_gen.kinds.exits.siblings import handing_over, left_taken
from cocci_gen.kinds.exits.study import Study
from cocci_gen.kinds.jumps import Jump, jump_for
from cocci_gen.kinds.page_duty import PageDuty
from cocci_gen.kinds.suspects import FixPlan

#: Calls in front of an unlock that a `goto` may add to a path: they do not mind what they are given.
_HARMLESS = re.compile(r"^(?:k?v?free|kfree_sensitive|put_page|folio_put|k?unmap.*|brelse)$")
#: The same for a path that fails: they tell of it, and no exit that succeeds may come to them.
_FAILING = re.compile(r"^(?:SetPageError|folio_set_error|ClearPageUptodate|folio_clear_uptodate)$")
#: Words of a file system that is shut down.
_SHUT_DOWN = re.compile(r"shutdown|cp_error|withdraw|aborted|emergency_ro|sb_rdonly|is_dead", re.IGNORECASE)
#: Keeps the page locked by contract.
_ACTIVATE = "AOP_WRITEPAGE_ACTIVATE"
_UNLOCKS = ("unlock_page", "folio_unlock")
_JUMP = re.compile(r"goto \w+;|break;")

#: Renders the semantic patch of a mode with more of its context.
Render = Callable[..., SemanticPatch]


@dataclass(frozen=True, slots=True)
class Breaking:
    """The exit to mend: its node, the feasible path to it, the branches behind which nothing is owed or kernel practice excuses
    the breach (nothing is added there), and whether the exit certainly fails."""

    study: Study
    number: int
    path: Path
    excused: frozenset[Decision] = frozenset()
    fails: bool = False
    result: Result = ANYTHING

    @property
    def permanent(self) -> bool:
        """Whether the page is refused for good: to keep it dirty would bring it back for ever.  A warning about who calls
        says nothing of the page, and one that asks first may not have come."""
        nodes, last = self.duty.graph.nodes, self.path.decisions[-1:]
        done = (call for n in self.path.nodes if nodes[n].kind != "condition" for call in nodes[n].calls)
        warned = any(warns_always(call) for call in done)
        warned |= any(warns_of(nodes[one.node], one.label) for one in last)
        shut_down = any(_SHUT_DOWN.search(nodes[one.node].text) for one in last)
        warned = warned and not refuses_caller(self.duty, self.path)
        return self.result.constant in FOR_GOOD or shut_down or warned

    def puts(self) -> list[int]:
        """The nodes that drop the reference."""
        words = call_vocabulary()
        return [
            number
            for number, node in enumerate(self.duty.graph.nodes)
            for call in node.calls
            if call.callee in words.put and any(is_alias(text, self.duty.aliases, words) for text in call.arguments)
        ]

    def put_is_owed(self, at: int) -> bool:
        """Whether no way to the node has dropped the reference."""
        return at not in self.duty.graph.behind(self.puts())

    def before_put(self, at: int) -> int:
        """The place before the reference is dropped on the path, where only this breach comes by; else the place itself."""
        shared, nodes = self.shared(), self.duty.graph.nodes
        way = self.path.nodes[: self.path.nodes.index(at)] if at in self.path.nodes else ()
        for number in set(self.puts()) & set(way):
            if number not in shared and self.study.only_breaks(number) and nodes[number].kind == "statement":
                return number
        return at

    @property
    def duty(self) -> PageDuty:
        """What is owed."""
        return self.study.duty

    @property
    def node(self) -> Node:
        """The return."""
        return self.duty.graph.nodes[self.number]

    def shared(self) -> frozenset[int]:
        """The nodes that a path reaches with its duty already done, or excused; where the duty begins anew, it is not done."""
        anew, graph = frozenset(self.duty.starts), self.duty.graph
        behind = [after for d in self.excused for after, label in graph.nodes[d.node].successors if label == d.label]
        return (self.study.done() - anew) | frozenset(behind) | graph.behind(behind, anew)

    def idle(self, number: int) -> bool:
        """Whether a function that takes its pages itself comes to a node with none in its hands."""
        return self.study.idle(number)

    def passes(self, *marks: str) -> Touch | None:
        """The last touch of the path with one of the marks, if any."""
        for step in reversed(self.path.nodes):
            for touch in self.duty.touches:
                if touch.node == step and touch.marks & set(marks):
                    return touch
        return None

    def owned(self, wanted: int) -> int | None:
        """`wanted` when no path with its duty done reaches it, else the last jump of the path that none reaches."""
        shared = self.shared()
        if wanted not in shared and not self.idle(wanted) and self.study.only_breaks(wanted):
            return wanted
        steps = self.path.nodes[: self.path.nodes.index(wanted)] if wanted in self.path.nodes else self.path.nodes
        jumps = [step for step in steps if _JUMP.match(self.duty.graph.nodes[step].text)]
        own = [step for step in jumps if step not in shared and not self.idle(step) and self.study.only_breaks(step)]
        return own[-1] if own else None

    def plan(self, at: int, patch: SemanticPatch) -> FixPlan:
        """The plan to mend the statement at node `at`, and those beside it, and no other that looks like it."""
        nodes, more = self.duty.graph.nodes, self.beside(at)
        alike = {node.line for node in nodes if node.text == nodes[at].text} - {nodes[at].line, *more}
        told_apart = _JUMP.match(nodes[at].text) or nodes[at].kind == "statement"
        return FixPlan(patch, nodes[at].line, more, tuple(sorted(alike)) if told_apart else ())

    def beside(self, at: int) -> tuple[int, ...]:
        """The lines of the other `goto` like the one at node `at` by which the same breach comes: no path with its duty done
        reaches them either, and a feasible one goes from them to the exit."""
        graph, shared = self.duty.graph, self.shared()
        text = graph.nodes[at].text
        if not text.startswith("goto ") or self.duty.starts:
            return ()
        alike = [n for n, node in enumerate(graph.nodes) if n != at and node.text == text and n not in shared]
        ways = {n: self.study.way(self.number, over=n) for n in alike}
        done = self._marks(self.path)
        return tuple(
            graph.nodes[n].line for n, way in ways.items() if isinstance(way, Path) and self._marks(way) == done
        )

    def _marks(self, path: Path) -> frozenset[str]:
        """What a path does to the page."""
        return frozenset(mark for touch in self.duty.touches if touch.node in path.nodes for mark in touch.marks)


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
        redirty = "" if breaking.permanent else redirty_call(duty, release)
        if not redirty and not breaking.permanent:
            return NoFix("no writeback_control is in reach to redirty the page with")
        owed += [redirty] if redirty else []
    at = breaking.owned(breaking.number)
    if at is None:
        return NoFix("the exit is shared with paths that have unlocked the page, and no place before it is not")
    target = _exit_label(breaking, redirty_owed=bool(owed)) if at == breaking.number else None
    if target is not None and (breaking.fails or breaking.node.returned == target.variable):
        return _through_label(breaking, target, owed, render)
    if at == breaking.number and (jump := _jump(breaking, owed)):
        text = render("goto", inserts=[], exit=breaking.node.text, sets=list(jump.sets), label=jump.label)
        return FixPlan(text, breaking.node.line)
    left = left_taken(breaking.study, breaking.number, breaking.path)
    if any(not one.is_map for one in left):
        return NoFix(f"{left[0].says}: another exit is meant")
    owed = [*(written(one.back) for one in left), *owed]
    around = _around(release) if writes and breaking.result.constant in FOR_GOOD else ("", "")
    owed += [text for text in (around[0], release, around[1]) if text]
    if duty.obligation.method == "write_end" and breaking.put_is_owed(at):
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
        return NoFix("the exit is shared with paths that have ended the writeback")
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
        return NoFix("the exit is shared with paths that keep the rule, and no place before it is not")
    statement = breaking.duty.graph.nodes[at]
    left = left_taken(breaking.study, breaking.number, breaking.path) if at == breaking.number else ()
    undone = [written(one.back) for one in left if one.is_reference]
    return breaking.plan(at, render("insert", inserts=[redirty, *undone], exit=statement.text, appends=[]))


def _release_call(breaking: Breaking) -> str:
    """The release as the function itself writes it elsewhere, else the plain one for the parameter's type."""
    duty = breaking.duty
    ready = {duty.resource_name} | {a.left for a in duty.graph.assignments() if a.declares and a.left in duty.aliases}
    for call in duty.graph.calls():
        if call.callee in _UNLOCKS and call.arguments and call.arguments[0] in ready:
            return written(call)
    name = "folio_unlock" if "folio" in duty.resource_type else "unlock_page"
    return f"{name}({duty.resource_name});"


def redirty_call(duty: PageDuty, release: str) -> str:
    """The redirty in the vocabulary of the unlock beside it; "" when no writeback_control is in reach."""
    found = re.match(r"(unlock_page|folio_unlock)\((\w+)\)", release)
    folio = found.group(1) == "folio_unlock" if found else "folio" in duty.resource_type
    name = found.group(2) if found else duty.resource_name
    redirty = "folio_redirty_for_writepage" if folio else "redirty_page_for_writepage"
    return next((f"{redirty}({control}, {name});" for control in controls(duty)), "")


@dataclass(frozen=True, slots=True)
class _Label:
    """A label behind which the page is unlocked and `variable` returned; `redirties` tells whether it is redirtied too."""

    name: str
    variable: str
    redirties: bool


def _exit_label(breaking: Breaking, *, redirty_owed: bool) -> _Label | None:
    """The label that the function's other exits go to, if going there adds nothing but what this exit owes."""
    found = [
        label for name, start in breaking.duty.graph.labels if (label := _read_label(breaking, name, start)) is not None
    ]
    found = [label for label in found if redirty_owed or not label.redirties]
    return max(found, key=lambda label: label.redirties, default=None)


def _jump(breaking: Breaking, owed: list[str]) -> Jump | None:
    """The jump to what other exits do, a redirty among it where one is owed."""
    duty = breaking.duty
    released = [touch.node for touch in duty.touches if touch.marks == {"release"}]
    redirtied = [touch.node for touch in duty.touches if "redirty" in touch.marks]
    found = jump_for(duty.graph, breaking.number, [released, redirtied] if owed else [released], failed=breaking.fails)
    # What a success says of the page's data is no end for a failure, and the name of a failure none for a success.
    if found is None or not breaking.node.returned or (found.sets and not breaking.fails):
        return None
    return found


def _read_label(breaking: Breaking, name: str, start: int) -> _Label | None:
    graph, duty = breaking.duty.graph, breaking.duty
    if graph.nodes[start].line < breaking.node.line or not re.fullmatch(
        r"return (?:-?[A-Z0-9]+|[a-z_]\w*);", breaking.node.text
    ):
        return None
    steps, number = [], start
    while graph.nodes[number].kind == "statement" and len(graph.nodes[number].successors) == 1:
        steps.append(graph.nodes[number])
        number = graph.nodes[number].successors[0][0]
    variable = graph.nodes[number].returned
    calls = [call for step in steps for call in step.calls]
    if (
        graph.nodes[number].kind != "return"
        or not re.fullmatch(r"[a-z_]\w*", variable)
        or any(step.assignments for step in steps)
    ):
        return None
    known = {a.left for step in breaking.path.nodes for a in graph.nodes[step].assignments}
    known |= {parameter.name for parameter in graph.parameters} | duty.aliases
    unlocked = redirtied = False
    for call in calls:
        if not all(set(re.findall(r"^\w+", argument)) <= known for argument in call.arguments):
            return None
        if call.callee in _UNLOCKS and call.arguments[0] in duty.aliases:
            unlocked = True
        elif call.callee in ("redirty_page_for_writepage", "folio_redirty_for_writepage"):
            redirtied = True
        elif not (_HARMLESS.match(call.callee) or (breaking.fails and _FAILING.match(call.callee))):
            return None
    return _Label(name, variable, redirtied) if unlocked else None


def _through_label(breaking: Breaking, label: _Label, owed: list[str], render: Render) -> FixPlan:
    value = breaking.node.returned
    sets = [] if value == label.variable else [f"{label.variable} = {value};"]
    inserts = [] if label.redirties else owed
    text = render("goto", inserts=inserts, exit=breaking.node.text, sets=sets, label=label.name)
    return FixPlan(text, breaking.node.line)
