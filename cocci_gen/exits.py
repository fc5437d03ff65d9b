"""Leaf between stages 4 and 6: the family of kinds "a return is reached without ..." (`unlocks`, `writeback`).

A duty becomes a semantic patch that stars the returns which no stopping call precedes; each starred return is then explained:
the shortest feasible path, what was trusted on it, how sure the finding is, and which semantic patch would mend it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from cocci_gen.control_flow import Call, Graph, Node
from cocci_gen.duties import PageDuty, TreeFacts, Unexamined, bound_duties
from cocci_gen.effects import Touch, aliases, call_vocabulary
from cocci_gen.findings import Breach, Confidence, Finding, NoFix, Step, fingerprint
from cocci_gen.index import Definition
from cocci_gen.obligations import Obligation
from cocci_gen.paths import NoPath, Path, find_path, may_be_zero
from cocci_gen.smpl import SemanticPatch, render
from cocci_gen.suspects import FixPlan, Suspect

#: Conditions under which a file system drops data on purpose: nobody takes a patch for that (judgement.md).
_SHUTDOWN = re.compile(r"shutdown|cp_error|withdraw|aborted|emergency_ro|sb_rdonly|is_dead|fs_error|has_errors", re.I)
_KMAP = re.compile(r"^k?k?map(?:_local|_atomic)?(?:_page|_folio)?\b")
_DROPS = frozenset({"ClearPageDirty", "folio_clear_dirty", "cancel_dirty_page", "folio_cancel_dirty", "clear_page_dirty_for_io"})


@dataclass(frozen=True, slots=True)
class ExitRule:
    """One kind of the family: `stops` are the marks that end a path, `owed` the marks that the path lacks, `exempt` the
    returned values that the contract excuses."""

    kind: str
    stops: frozenset[str]
    owed: frozenset[str]
    exempt: tuple[str, ...]

    def duties(self, obligation: Obligation, facts: TreeFacts) -> tuple[tuple[PageDuty, ...], tuple[Unexamined, ...]]:
        """The functions that owe it, delegates included."""
        return bound_duties(obligation, facts.index, facts.effects, lambda duty, touch: delegates(self, duty, touch))

    def semantic_patch(self, duty: PageDuty) -> SemanticPatch:
        """SmPL that stars every return of the function that no stopping call precedes."""
        return render(self.kind, duty.obligation.id, _context(self, duty, "report"))

    def judge(self, duty: PageDuty, lines: Iterable[int], text: str) -> tuple[Suspect, ...]:
        """A suspect for every starred line that is a return of the function, in line order."""
        return judge(self, duty, lines, text)

    def unstarred(self, duty: PageDuty, lines: Iterable[int]) -> tuple[Node, ...]:
        """Returns that spatch should have starred."""
        return unstarred(self, duty, lines)

    def again(self, duty: PageDuty, definition: Definition, graph: Graph, facts: TreeFacts) -> PageDuty:
        """The duty as it stands in an edited file, whose function is `graph`."""
        names = aliases(graph, duty.resource_name)
        touches = facts.effects.touches(graph, definition.path, names)
        return replace(duty, definition=definition, graph=graph, aliases=names, touches=touches)


def stopping(rule: ExitRule, duty: PageDuty) -> tuple[Touch, ...]:
    """The touches that end a path for this kind."""
    return tuple(touch for touch in duty.touches if touch.marks & rule.stops)


def delegates(rule: ExitRule, duty: PageDuty, touch: Touch) -> bool:
    """Whether the callee of a touch takes the obligation over: the call is returned, or nothing behind it stops a path."""
    node = duty.graph.nodes[touch.node]
    if touch.callee in call_vocabulary().marks or not touch.marks & (rule.owed | {"release"}):
        return False
    if node.kind == "return":
        return touch.callee in re.findall(r"\w+", node.text)
    if not touch.marks & rule.owed or rule.kind == "writeback" or not _result_is_returned(duty, node, touch.callee):
        return False
    others = {other.node for other in stopping(rule, duty)} - {touch.node}
    return not others & _reachable(duty, touch.node)


def _result_is_returned(duty: PageDuty, node: Node, callee: str) -> bool:
    """`rc = callee(page); ... return rc;`: a helper whose result nobody returns releases for reasons of its own."""
    returned = {other.text.removeprefix("return").strip(" ;") for other in duty.graph.nodes if other.kind == "return"}
    return any(a.left in returned and a.right.startswith(f"{callee}(") for a in node.assignments)


def _reachable(duty: PageDuty, start: int) -> set[int]:
    seen: set[int] = set()
    todo = [start]
    while todo:
        for number, _ in duty.graph.nodes[todo.pop()].successors:
            if number not in seen:
                seen.add(number)
                todo.append(number)
    return seen


def _is_exempt(rule: ExitRule, duty: PageDuty, node: Node) -> bool:
    return any(value in node.text for value in rule.exempt)


def _context(rule: ExitRule, duty: PageDuty, mode: str, **more: object) -> dict[str, object]:
    stops = sorted({touch.callee for touch in stopping(rule, duty) if re.fullmatch(r"\w+", touch.callee)})
    pointers = any(touch.callee and not re.fullmatch(r"\w+", touch.callee) for touch in stopping(rule, duty))
    written = " ".join(str(part) for value in more.values() for part in (value if isinstance(value, list) else [value]))
    symbols = set(re.findall(r"(?<![\w.>])[a-z_]\w*(?![\w(])", re.sub(r"\b(?:return|goto|sizeof|struct)\b", "", written)))
    keeps = sorted(duty.aliases) if any(not touch.callee for touch in stopping(rule, duty)) else []
    symbols |= set(keeps) | (duty.aliases if pointers else set())
    return {
        "mode": mode,
        "symbols": sorted(symbols),
        "obligation": duty.obligation,
        "function": duty.graph.name,
        "resource": duty.resource_name,
        "stops": stops,
        "keeps": keeps,
        "pointers": sorted(duty.aliases) if pointers else [],
        "exempt": list(rule.exempt),
        **more,
    }


def judge(rule: ExitRule, duty: PageDuty, lines: Iterable[int], text: str) -> tuple[Suspect, ...]:
    """A suspect for every starred line that is a return of the function, in line order; `text` is the semantic patch."""
    starred = set(lines)
    return tuple(
        _suspect(rule, duty, number, text)
        for number, node in enumerate(duty.graph.nodes)
        if node.kind == "return" and node.line in starred
    )


def unstarred(rule: ExitRule, duty: PageDuty, lines: Iterable[int]) -> tuple[Node, ...]:
    """Returns to which the path search finds a way although spatch starred nothing: what spatch did not examine."""
    starred = set(lines)
    stops = {touch.node for touch in stopping(rule, duty)}
    return tuple(
        node
        for number, node in enumerate(duty.graph.nodes)
        if node.kind == "return"
        and number not in stops
        and node.line not in starred
        and not _is_exempt(rule, duty, node)
        and isinstance(find_path(duty.graph, number, _blocked(rule, duty)), Path)
    )


def _blocked(rule: ExitRule, duty: PageDuty) -> set[int]:
    blocked = {touch.node for touch in stopping(rule, duty)}
    for number, node in enumerate(duty.graph.nodes):
        if any(value in assignment.right for value in rule.exempt for assignment in node.assignments):
            blocked.add(number)
    return blocked


def _suspect(rule: ExitRule, duty: PageDuty, number: int, text: str) -> Suspect:
    node = duty.graph.nodes[number]
    path = find_path(duty.graph, number, _blocked(rule, duty))
    lowered = _why_lower(rule, duty, number, path) if isinstance(path, Path) else ((Confidence.LOW, "no feasible path"),)
    confidence = min((level for level, _ in lowered), key=lambda level: level.rank, default=Confidence.HIGH)
    breach = _breach(rule, duty, number, path)
    finding = Finding(
        fingerprint=fingerprint(duty.obligation.id, duty.definition.path, duty.graph.name, f"{breach.condition}|{breach.taken}|{node.text}"),
        obligation=duty.obligation,
        file=duty.definition.path,
        function=duty.graph.name,
        line=node.line,
        message=_message(rule, duty, breach),
        confidence=confidence,
        breach=breach,
        registrations=duty.registrations,
        evidence=_evidence(rule, duty, number, path) + tuple(Step(duty.definition.path, node.line, f"{level}: {why}") for level, why in lowered),
        semantic_patch=text,
        fix=NoFix("not tried"),
    )
    return Suspect(finding, path, plan(rule, duty, number, path) if isinstance(path, Path) else NoFix("no feasible path"))


# How sure.


def _why_lower(rule: ExitRule, duty: PageDuty, number: int, path: Path) -> tuple[tuple[Confidence, str], ...]:
    """Every reason to be less than sure, with the level that it allows."""
    graph = duty.graph
    reasons: list[tuple[Confidence, str]] = []
    on_path = [graph.nodes[step] for step in path.nodes]
    tests = [decision for decision in path.decisions if decision.label in ("true", "false")]
    for decision in tests:
        test = graph.nodes[decision.node]
        if rule.kind == "writeback" and decision.label == "true" and _SHUTDOWN.search(test.text):
            reasons.append((Confidence.LOW, f"`{test.text}`: the file system drops the data on purpose"))
    for decision in tests[-1:]:
        test = graph.nodes[decision.node]
        if rule.kind == "writeback" and _beyond_end(duty, test):
            reasons.append((Confidence.LOW, "the page lies beyond the end of the file; dropping it is what generic code does too"))
        if decision.label == "false" and _mapped(duty, test.text):
            reasons.append((Confidence.LOW, f"`{test.text}` comes from kmap(), which does not fail"))
    if rule.kind == "writeback" and any(call.callee in _DROPS for node in on_path for call in node.calls):
        reasons.append((Confidence.LOW, "the path clears the dirty bit on purpose"))
    reasons += [(Confidence.MODERATE, why) for why in _doubts(rule, duty, number, path)]
    return tuple(dict.fromkeys(reasons))


def _beyond_end(duty: PageDuty, test: Node) -> bool:
    tainted = {"i_size", "i_size_read"}
    for assignment in duty.graph.assignments() * 2:
        if set(re.findall(r"\w+", assignment.right)) & tainted:
            tainted.add(assignment.left)
    words = set(re.findall(r"\w+", test.text))
    return bool(words & tainted) and bool(words & {"index", "page_offset", "folio_pos", "offset", "off", "pos"} or words & {"end_index"})


def _mapped(duty: PageDuty, text: str) -> bool:
    return any(assignment.left == text and _KMAP.match(assignment.right) for assignment in duty.graph.assignments())


def _doubts(rule: ExitRule, duty: PageDuty, number: int, path: Path) -> list[str]:
    graph = duty.graph
    doubts = []
    if not graph.whole:
        doubts.append(f"a part of {graph.name}() did not parse")
    returns = [node.line for node in graph.nodes if node.kind == "return"]
    others = [touch for touch in stopping(rule, duty) if touch.marks & {"escape", "hand_on", "unknown"} and not touch.marks & rule.owed]
    if others and graph.nodes[number].line == max(returns) and len(returns) >= 1:
        doubts.append(f"this is the last return, and elsewhere the page is handed on (line {others[0].line}: {others[0].note})")
    buffers = _buffers(duty)
    for call in graph.calls():
        words = {word for argument in call.arguments for word in re.findall(r"\w+", argument)}
        if rule.kind == "writeback" and words & buffers and not re.match(r"(?:bh_|set_buffer|buffer_|clear_buffer|get_bh|put_bh|brelse)", call.callee):
            doubts.append(f"the buffers of the page go to {call.callee}() at line {call.line}")
    for step in path.nodes:
        for call in graph.nodes[step].calls:
            words = {word for argument in call.arguments for word in re.findall(r"\w+", argument)}
            if words & _locators(duty) and call.callee not in ("IS_ERR", "PTR_ERR") and _may_find_page(call):
                doubts.append(f"{call.callee}() at line {call.line} may find the page through its mapping")
    return doubts


def _buffers(duty: PageDuty) -> set[str]:
    makers = re.compile(r"\b(?:page_buffers|folio_buffers|create_empty_buffers|folio_create_buffers|create_page_buffers|folio_create_empty_buffers)\b")
    return {assignment.left for assignment in duty.graph.assignments() if makers.search(assignment.right)} - duty.aliases


def _locators(duty: PageDuty) -> set[str]:
    """Names through which the page can be found again: its mapping, and requests made from it."""
    names = {"folio_mapping", "page_mapping", "page_file_mapping", "folio_file_mapping"}
    for assignment in duty.graph.assignments() * 2:
        if assignment.right.startswith(("PTR_ERR", "IS_ERR")) or "->host" in assignment.right:
            continue
        if re.fullmatch(r"\w+->mapping", assignment.right) or set(re.findall(r"\w+", assignment.right)) & names:
            names.add(assignment.left)
    return names


def _may_find_page(call: Call) -> bool:
    return not re.match(r"(?:mapping_set_error|filemap_|i_size|mapping_|inode_|pr_|\w*put\b|\w*_put$|\w*free)", call.callee)


# What to say.


def _breach(rule: ExitRule, duty: PageDuty, number: int, path: Path | NoPath) -> Breach:
    graph = duty.graph
    condition, taken, line = "", True, 0
    if isinstance(path, Path):
        for decision in path.decisions[-1:]:
            test = graph.nodes[decision.node]
            condition, line = test.text, test.line
            taken = decision.label == "true"
            if decision.label not in ("true", "false"):
                condition, taken = f"{test.text} is {decision.label}", True
    return Breach(
        statement=graph.nodes[number].text or "the end of the function",
        condition=condition,
        taken=taken,
        condition_line=line,
        missing=missing_calls(rule, duty),
        resource=resource_word(duty),
        resource_name=duty.resource_name,
    )


def resource_word(duty: PageDuty) -> str:
    """"page" or "folio", by the type of the parameter."""
    return "folio" if "folio" in duty.resource_type else "page"


def missing_calls(rule: ExitRule, duty: PageDuty) -> tuple[str, ...]:
    """The calls that the path owes, in the vocabulary of the function."""
    folio = resource_word(duty) == "folio"
    if rule.kind == "unlocks":
        return ("folio_unlock",) if folio else ("unlock_page",)
    return ("folio_redirty_for_writepage", "folio_start_writeback") if folio else ("redirty_page_for_writepage", "set_page_writeback")


def _message(rule: ExitRule, duty: PageDuty, breach: Breach) -> str:
    when = f" when `{breach.condition}` is {'true' if breach.taken else 'false'}" if breach.condition else ""
    if rule.kind == "unlocks":
        return f"{duty.graph.name}() returns with the {breach.resource} locked{when}"
    return f"{duty.graph.name}() neither redirties the {breach.resource} nor starts writeback{when}"


def _evidence(rule: ExitRule, duty: PageDuty, number: int, path: Path | NoPath) -> tuple[Step, ...]:
    graph, file = duty.graph, duty.definition.path
    steps = list(duty.chain)
    if isinstance(path, Path):
        for decision in path.decisions:
            test = graph.nodes[decision.node]
            steps.append(Step(file, test.line, f"`{test.text}` is {decision.label}"))
    else:
        steps.append(Step(file, graph.nodes[number].line, "every path to this return contradicts itself" if path.exhausted else "too many paths to search"))
    steps.append(Step(file, graph.nodes[number].line, f"`{graph.nodes[number].text or '}'}` is reached"))
    for touch in duty.touches:
        verb = "not passed on this path" if touch.marks & rule.stops else "passed, does not discharge the obligation"
        steps.append(Step(file, touch.line, f"{touch.note} [{', '.join(sorted(touch.marks))}]: {verb}"))
    return tuple(steps)


# How to mend it.


def plan(rule: ExitRule, duty: PageDuty, number: int, path: Path) -> FixPlan | NoFix:
    """The semantic patch for one return: a release, a redirty before it, or writeback around the unlock."""
    if rule.kind == "unlocks":
        return _plan_release(rule, duty, number, path)
    return _plan_writeback(rule, duty, number, path)


def _plan_release(rule: ExitRule, duty: PageDuty, number: int, path: Path) -> FixPlan | NoFix:
    inserts = []
    if duty.obligation.method == "writepage" and not _passes(duty, path, {"redirty", "start"}):
        redirty = _redirty_call(duty)
        if redirty is None:
            return NoFix("no writeback_control is in reach to redirty the page with")
        inserts.append(redirty)
    node = duty.graph.nodes[number]
    target = _unlock_label(duty, node) if "(" not in node.text else None
    if target:
        label, variable = target
        value = node.text.removeprefix("return").strip(" ;")
        text = render(rule.kind, duty.obligation.id, _context(rule, duty, "goto", inserts=inserts, exit=node.text, label=label, variable=variable, value=value))
        return FixPlan(text, node.line)
    inserts.append(_release_call(duty))
    text = render(rule.kind, duty.obligation.id, _context(rule, duty, "insert", inserts=inserts, exit=node.text or "return;"))
    return FixPlan(text, node.line)


def _plan_writeback(rule: ExitRule, duty: PageDuty, number: int, path: Path) -> FixPlan | NoFix:
    graph = duty.graph
    node = graph.nodes[number]
    unlock = next((t for step in reversed(path.nodes) for t in duty.touches if t.node == step and t.marks == {"release"}), None)
    if unlock is None and not any(value in node.text for value in ("AOP_WRITEPAGE_ACTIVATE",)):
        return NoFix("the page is not unlocked on this path; the missing unlock comes first")
    if unlock is not None and not _fails(rule, duty, number):
        word = ("folio_start_writeback", "folio_end_writeback") if "folio" in unlock.callee else ("set_page_writeback", "end_page_writeback")
        call = next(call for call in graph.nodes[unlock.node].calls if call.callee == unlock.callee)
        text = _context(rule, duty, "wrap", exit=node.text, unlock=_written(call), start=f"{word[0]}({call.arguments[0]});", end=f"{word[1]}({call.arguments[0]});")
        return FixPlan(render(rule.kind, duty.obligation.id, text), unlock.line)
    redirty = _redirty_call(duty)
    if redirty is None:
        return NoFix("no writeback_control is in reach to redirty the page with")
    before = ""
    if unlock is not None:
        before = _written(next(call for call in graph.nodes[unlock.node].calls if call.callee == unlock.callee))
    text = _context(rule, duty, "redirty", exit=node.text, unlock=before, inserts=[redirty])
    return FixPlan(render(rule.kind, duty.obligation.id, text), unlock.line if unlock is not None else node.line)


def _passes(duty: PageDuty, path: Path, marks: set[str]) -> bool:
    return any(touch.node in path.nodes and touch.marks & marks for touch in duty.touches)


def _fails(rule: ExitRule, duty: PageDuty, number: int) -> bool:
    """Whether the return certainly hands back an error or AOP_WRITEPAGE_ACTIVATE, on every path that breaks the rule."""
    value = duty.graph.nodes[number].text.removeprefix("return").strip(" ;")
    if re.fullmatch(r"-E[A-Z0-9]+|AOP_WRITEPAGE_ACTIVATE|-\d+", value):
        return True
    if not re.fullmatch(r"[a-z_]\w*", value):
        return False
    return isinstance(find_path(duty.graph, number, _blocked(rule, duty), accept=lambda facts: may_be_zero(facts, value)), NoPath)


def _written(call: Call) -> str:
    return f"{call.callee}({', '.join(call.arguments)});"


def _release_call(duty: PageDuty) -> str:
    """The release as the function itself writes it elsewhere, else the plain one for the parameter's type."""
    ready = {duty.resource_name} | {a.left for a in duty.graph.assignments() if a.declares and a.left in duty.aliases}
    for node in duty.graph.nodes:
        for call in node.calls:
            if call.callee in ("unlock_page", "folio_unlock") and call.arguments and call.arguments[0] in ready:
                return _written(call)
    return f"{'folio_unlock' if resource_word(duty) == 'folio' else 'unlock_page'}({duty.resource_name});"


def _redirty_call(duty: PageDuty) -> str | None:
    for parameter in duty.graph.parameters:
        if parameter.type == "struct writeback_control *" and parameter.name:
            name = "folio_redirty_for_writepage" if resource_word(duty) == "folio" else "redirty_page_for_writepage"
            return f"{name}({parameter.name}, {duty.resource_name});"
    return None


def _unlock_label(duty: PageDuty, node: Node) -> tuple[str, str] | None:
    """(label, returned variable) of an exit that unlocks and returns and does nothing else, or None."""
    graph = duty.graph
    for label, start in graph.labels:
        steps, number = [], start
        while graph.nodes[number].kind == "statement" and len(graph.nodes[number].successors) == 1:
            steps.append(graph.nodes[number])
            number = graph.nodes[number].successors[0][0]
        last = graph.nodes[number]
        calls = [call for step in steps[1:] for call in step.calls]
        plain = all(step.calls and not step.assignments for step in steps[1:]) and len(calls) == 1
        variable = last.text.removeprefix("return").strip(" ;")
        if last.kind == "return" and plain and calls[0].callee in ("unlock_page", "folio_unlock") and re.fullmatch(r"[a-z_]\w*", variable) and calls[0].arguments[0] in duty.aliases and steps[0].line > node.line:
            return label, variable
    return None
