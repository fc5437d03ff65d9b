"""The family of kinds "a return is reached without ..." (`unlocks`, `writeback`).

A duty becomes a semantic patch that stars the returns which no stopping call precedes; each starred return is then explained:
the shortest feasible path, what was trusted on it, how sure the finding is, and which semantic patch would mend it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace

from cocci_gen.coccinelle.smpl import SemanticPatch, render
from cocci_gen.code.control_flow import Graph, Node
from cocci_gen.code.paths import Decision, Facts, NoPath, Path, find_path, may_be_nonzero, may_be_zero, nonzero
from cocci_gen.document.obligations import Obligation
from cocci_gen.facts.given_up import given_up
from cocci_gen.facts.index import Definition
from cocci_gen.facts.pages import Touch, aliases, call_vocabulary
from cocci_gen.facts.steps import Step
from cocci_gen.findings.findings import Breach, Confidence, NoFix
from cocci_gen.kinds.branches import branch_steps, last_branch
from cocci_gen.kinds.duties import TreeFacts, Unexamined
from cocci_gen.kinds.exits.doubts import doubts, excuses
from cocci_gen.kinds.exits.fixes import Breaking, plan_end, plan_release, plan_writeback
from cocci_gen.kinds.page_duty import TAKERS, PageDuty, bound_duties, taken
from cocci_gen.kinds.suspects import FixPlan, Suspect, Told, finding_of


@dataclass(frozen=True, slots=True)
class ExitRule:
    """One kind of the family: `stops` are the marks that end a path, `owed` the marks that the path lacks, `exempt` the
    returned values that the contract excuses.

    The obligation begins with the function, or (`opens`) behind the calls that have this mark.
    """

    kind: str
    stops: frozenset[str]
    owed: frozenset[str]
    exempt: tuple[str, ...] = ()
    opens: str = ""

    def duties(self, obligation: Obligation, facts: TreeFacts) -> tuple[tuple[PageDuty, ...], tuple[Unexamined, ...]]:
        """The functions that owe it, delegates included."""
        found, missing = bound_duties(
            obligation, facts.index, facts.effects, lambda duty, touch: delegates(self, duty, touch)
        )
        if not self.opens:
            return found, missing
        opened = (self._opened(duty) for duty in found)
        return tuple(duty for duty in opened if duty.starts), missing

    def _opened(self, duty: PageDuty) -> PageDuty:
        """The duty beginning at the calls that open it; those that also discharge it open nothing."""
        starts = tuple(
            touch.node
            for touch in duty.touches
            if self.opens in touch.marks and touch.callee in call_vocabulary().marks
        )
        return replace(duty, starts=starts)

    def semantic_patch(self, duty: PageDuty) -> SemanticPatch:
        """SmPL that stars every return of the function that no stopping call precedes."""
        return render(self.kind, duty.obligation.id, _context(self, duty, "report"))

    def judge(self, duty: PageDuty, lines: Iterable[int], text: str) -> tuple[Suspect, ...]:
        """A suspect for every starred line that is a return of the function, in line order."""
        starred = set(lines)
        return tuple(
            _suspect(self, duty, number, text)
            for number, node in enumerate(duty.graph.nodes)
            if node.kind == "return" and node.line in starred
        )

    def unstarred(self, duty: PageDuty, lines: Iterable[int]) -> tuple[Node, ...]:
        """Returns to which the path search finds a way although spatch starred nothing: what spatch did not examine."""
        starred = set(lines)
        stops = {touch.node for touch in stopping(self, duty)}
        return tuple(
            node
            for number, node in enumerate(duty.graph.nodes)
            if node.kind == "return"
            and number not in stops
            and node.line not in starred
            and not _is_exempt(self, node)
            and isinstance(_way(self, duty, number), Path)
        )

    def again(self, duty: PageDuty, definition: Definition, graph: Graph, facts: TreeFacts) -> PageDuty:
        """The duty as it stands in an edited file, whose function is `graph`."""
        names = aliases(graph, duty.resource_name)
        touches = facts.effects.touches(graph, definition.path, names)
        edited = replace(duty, definition=definition, graph=graph, aliases=names, touches=touches, starts=taken(graph))
        return self._opened(edited) if self.opens else edited


def stopping(rule: ExitRule, duty: PageDuty) -> tuple[Touch, ...]:
    """The touches that end a path for this kind."""
    return tuple(touch for touch in duty.touches if touch.marks & rule.stops)


def delegates(rule: ExitRule, duty: PageDuty, touch: Touch) -> bool:
    """Whether the callee of a touch takes the obligation over: the call is returned, or nothing behind it stops a path."""
    node = duty.graph.nodes[touch.node]
    opens = bool(rule.opens) and rule.opens in touch.marks  # who starts writeback ends it, or leaves it to its caller
    if touch.callee in call_vocabulary().marks or not (opens or touch.marks & (rule.owed | {"release"})):
        return False
    if node.kind == "return":
        return touch.callee in re.findall(r"\w+", node.text)
    if not opens and not (touch.marks & rule.owed and _result_is_returned(duty, node, touch.callee)):
        return False
    others = {other.node for other in stopping(rule, duty)} - {touch.node}
    return not others & duty.graph.behind((touch.node,))


def _result_is_returned(duty: PageDuty, node: Node, callee: str) -> bool:
    """`rc = callee(page); ... return rc;`: a helper whose result nobody returns releases for reasons of its own."""
    returned = {other.returned for other in duty.graph.nodes if other.kind == "return"}
    return any(a.left in returned and a.right.startswith(f"{callee}(") for a in node.assignments)


def _is_exempt(rule: ExitRule, node: Node) -> bool:
    return any(value in node.text for value in rule.exempt)


def _context(rule: ExitRule, duty: PageDuty, mode: str, **more: object) -> dict[str, object]:
    kept = given_up(duty.graph, duty.touches).nodes
    found = tuple(touch for touch in stopping(rule, duty) if touch.node not in kept)
    stops = sorted({touch.callee for touch in found if re.fullmatch(r"\w+", touch.callee)} - set(_primary(rule)))
    written = " ".join(str(part) for value in more.values() for part in (value if isinstance(value, list) else [value]))
    symbols = set(
        re.findall(
            r"(?<![\w.>])[a-z_]\w*(?![\w(])", re.sub(r"\b(?:return|goto|break|sizeof|struct)\b|goto \w+", "", written)
        )
    )
    keeps = sorted(duty.aliases) if any(not touch.callee for touch in found) else []
    pointers = sorted(duty.aliases) if any(not re.fullmatch(r"\w*", touch.callee) for touch in found) else []
    openers = sorted(
        {call.callee for number in duty.starts for call in duty.graph.nodes[number].calls if _opens(rule, call.callee)}
    )
    return {
        "mode": mode,
        "symbols": sorted(symbols | set(keeps) | set(pointers)),
        "obligation": duty.obligation,
        "function": duty.graph.name,
        "primary": _either(_primary(rule)),
        "ended": _either((*_primary(rule), *stops)),
        "opened": _either(openers) if openers else "",
        "stops": stops,
        "keeps": keeps,
        "pointers": pointers,
        "exempt": list(rule.exempt),
        **more,
    }


def _opens(rule: ExitRule, callee: str) -> bool:
    return callee in TAKERS or rule.opens in call_vocabulary().marks.get(callee, ())


def _either(names: Iterable[str]) -> str:
    """SmPL for a call of any of the names."""
    calls = [f"{name}(...)" for name in names]
    return calls[0] if len(calls) == 1 else "\\(" + "\\|".join(calls) + "\\)"


def _primary(rule: ExitRule) -> tuple[str, ...]:
    """The primitives that discharge the obligation, which every semantic patch of the kind names."""
    if rule.opens:
        return ("end_page_writeback", "folio_end_writeback")
    if rule.kind == "unlocks":
        return ("unlock_page", "folio_unlock")
    return ("redirty_page_for_writepage", "folio_redirty_for_writepage", "set_page_writeback", "folio_start_writeback")


def _blocked(rule: ExitRule, duty: PageDuty) -> set[int]:
    blocked = {touch.node for touch in stopping(rule, duty)}
    for number, node in enumerate(duty.graph.nodes):
        if any(value in assignment.right for value in rule.exempt for assignment in node.assignments):
            blocked.add(number)
    return blocked


def _way(
    rule: ExitRule,
    duty: PageDuty,
    number: int,
    accept: Callable[[Facts], bool] = lambda facts: True,
    excused: Collection[Decision] = (),
) -> Path | NoPath:
    """A feasible path to a return on which nothing discharges the obligation, from wherever it begins, by none of the
    `excused` branches."""
    failing = given_up(duty.graph, duty.touches)
    graph = failing.graph(duty.graph)
    blocked = (_blocked(rule, duty) - failing.nodes) | set(duty.starts)
    branches = [(graph.nodes[decision.node], decision.label) for decision in excused]
    value = graph.nodes[number].returned

    def broken(facts: Facts) -> bool:
        exempt = any(place == value and constant in rule.exempt for place, _, constant in facts)
        return not exempt and accept(facts) and _held(duty, facts)

    exhausted = True
    for start in duty.starts or (0,):
        path = find_path(
            graph,
            number,
            blocked,
            start=start,
            known=duty.given if duty.starts else (*duty.given, *nonzero(duty.resource_name)),
            refused=lambda node, label: any(node is test and label == taken for test, taken in branches),
            accept=broken,
        )
        if isinstance(path, Path):
            return failing.told(path, duty.graph)
        exhausted = exhausted and path.exhausted
    return NoPath(exhausted)


def _held(duty: PageDuty, facts: Facts) -> bool:
    """Whether a page that the function takes itself is there: the loop that takes them ends with none."""
    return not duty.starts or may_be_nonzero(facts, duty.resource_name)


def _suspect(rule: ExitRule, duty: PageDuty, number: int, text: str) -> Suspect:
    node = duty.graph.nodes[number]
    path, excused = _worst_way(rule, duty, number)
    others = tuple(
        touch
        for touch in stopping(rule, duty)
        if touch.marks & {"escape", "hand_on", "unknown"} and not touch.marks & rule.owed
    )
    lowered = (
        doubts(rule.kind, duty, number, path, others)
        if isinstance(path, Path)
        else ((Confidence.LOW, "no feasible path"),)
    )
    breach = _breach(rule, duty, number, path)
    told = Told(
        line=node.line,
        code=f"{breach.condition}|{breach.taken}|{node.text}",
        message=_message(rule, duty, breach),
        breach=breach,
        evidence=_evidence(rule, duty, number, path),
        doubts=lowered,
    )
    finding = finding_of(duty, told, text)
    if finding.confidence is Confidence.LOW:
        return Suspect(finding, path, NoFix("nobody takes a patch for a finding of low confidence"))
    plan = _plan(rule, duty, number, path, excused) if isinstance(path, Path) else NoFix("no feasible path")
    if isinstance(plan, FixPlan):
        again = "the same breach comes by here to that exit, and is mended here too"
        more = tuple(Step(duty.definition.path, line, again) for line in plan.more)
        finding = replace(finding, evidence=(*finding.evidence, *more))
    return Suspect(finding, path, plan)


def _worst_way(rule: ExitRule, duty: PageDuty, number: int) -> tuple[Path | NoPath, frozenset[Decision]]:
    """The way that breaks more than the letter, where there is one beside those that kernel practice excuses, and the
    branches by which those come; else the shortest."""
    first = way = _way(rule, duty, number)
    excused: frozenset[Decision] = frozenset()
    while isinstance(way, Path) and (more := frozenset(excuses(rule.kind, duty, way)) - excused):
        excused |= more
        way = _way(rule, duty, number, excused=excused)
    return (way, excused) if isinstance(way, Path) else (first, frozenset())


def _plan(rule: ExitRule, duty: PageDuty, number: int, path: Path, excused: frozenset[Decision]) -> FixPlan | NoFix:
    def patch(mode: str, **more: object) -> SemanticPatch:
        return render(rule.kind, duty.obligation.id, _context(rule, duty, mode, **more))

    failing = given_up(duty.graph, duty.touches)
    stops = frozenset(touch.node for touch in stopping(rule, duty)) - failing.nodes
    breaking = Breaking(duty, number, path, stops, excused | failing.successes(duty.graph))
    if rule.opens:
        return plan_end(breaking, patch)
    if rule.kind == "unlocks":
        return plan_release(breaking, patch)
    return plan_writeback(breaking, patch, fails=_fails(rule, duty, number, path, excused))


def _fails(rule: ExitRule, duty: PageDuty, number: int, path: Path, excused: frozenset[Decision]) -> bool:
    """Whether the return certainly hands back an error or AOP_WRITEPAGE_ACTIVATE, or is a refusal for cleansing, on every
    path that breaks the rule and is not excused."""
    value = duty.graph.nodes[number].returned
    if re.fullmatch(r"-E[A-Z0-9]+|AOP_WRITEPAGE_ACTIVATE|-\d+", value) or _refuses_cleansing(duty, path):
        return True
    if not re.fullmatch(r"[a-z_]\w*", value):
        return False
    return isinstance(_way(rule, duty, number, lambda facts: may_be_zero(facts, value), excused), NoPath)


def _refuses_cleansing(duty: PageDuty, path: Path) -> bool:
    """`if (wbc->sync_mode == WB_SYNC_NONE) ... return 0;`: nothing was written, and the page is to be tried again."""
    if not path.decisions:
        return False
    last = path.decisions[-1]
    test = duty.graph.nodes[last.node].text
    cleansing = test.endswith(("sync_mode == WB_SYNC_NONE", "->for_reclaim")) and last.label == "true"
    return cleansing or (
        test.endswith(("sync_mode != WB_SYNC_NONE", "sync_mode == WB_SYNC_ALL")) and last.label == "false"
    )


# What to say.


def _breach(rule: ExitRule, duty: PageDuty, number: int, path: Path | NoPath) -> Breach:
    branch = last_branch(duty.graph, path).told()
    statement = duty.graph.nodes[number].text or "the end of the function"
    return branch.breach(statement, missing_calls(rule, duty), resource_word(duty), duty.resource_name)


def resource_word(duty: PageDuty) -> str:
    """ "page" or "folio", by the type of the parameter."""
    return "folio" if "folio" in duty.resource_type else "page"


def missing_calls(rule: ExitRule, duty: PageDuty) -> tuple[str, ...]:
    """The calls that the path owes, in the vocabulary of the function."""
    folio = resource_word(duty) == "folio"
    if rule.opens:
        return ("folio_end_writeback",) if folio else ("end_page_writeback",)
    if rule.kind == "unlocks":
        return ("folio_unlock",) if folio else ("unlock_page",)
    return (
        ("folio_redirty_for_writepage", "folio_start_writeback")
        if folio
        else ("redirty_page_for_writepage", "set_page_writeback")
    )


def _message(rule: ExitRule, duty: PageDuty, breach: Breach) -> str:
    when = f" when `{breach.condition}` is {'true' if breach.taken else 'false'}" if breach.condition else ""
    if rule.kind == "unlocks":
        return f"{duty.graph.name}() returns with the {breach.resource} locked{when}"
    if rule.opens:
        return f"{duty.graph.name}() starts writeback of the {breach.resource} and does not end it{when}"
    return f"{duty.graph.name}() neither redirties the {breach.resource} nor starts writeback{when}"


def _evidence(rule: ExitRule, duty: PageDuty, number: int, path: Path | NoPath) -> tuple[Step, ...]:
    node, file = duty.graph.nodes[number], duty.definition.path
    steps = [*duty.chain, *branch_steps(duty.graph, path, file)]
    if isinstance(path, NoPath):
        why = "every path to this return contradicts itself" if path.exhausted else "too many paths to search"
        steps.append(Step(file, node.line, why))
    steps.append(Step(file, node.line, f"`{node.text or '}'}` is reached"))
    for touch in duty.touches:
        verb = "not passed on this path" if touch.marks & rule.stops else "passed, does not discharge the obligation"
        steps.append(Step(file, touch.line, f"{touch.note} [{', '.join(sorted(touch.marks))}]: {verb}"))
    return tuple(steps)
