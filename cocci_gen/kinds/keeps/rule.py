"""The kind `keeps_locked`, "called with the page locked, and returns with it locked".

Two ways to break it: a return behind an unlock that nothing takes back, and a call that locks the page which the caller
has locked already (it sleeps for ever).  A failing trylock does no harm.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from cocci_gen.coccinelle.smpl import SemanticPatch, render
from cocci_gen.code.control_flow import Graph, Node
from cocci_gen.code.paths import NoPath, Path, find_path
from cocci_gen.code.turns import way_over
from cocci_gen.document.obligations import Obligation
from cocci_gen.facts.index import Definition, Implementation
from cocci_gen.facts.pages import Touch, aliases, call_vocabulary
from cocci_gen.facts.steps import Step
from cocci_gen.findings.findings import Confidence, Doubt, NoFix
from cocci_gen.kinds.branches import branch_steps, last_branch
from cocci_gen.kinds.duties import Duty, TreeFacts, Unexamined, bound_graph, implementations_of, parted, registrations
from cocci_gen.kinds.keeps.release_outcomes import ReleaseOutcome, outcome_of, turn_over
from cocci_gen.kinds.suspects import FixPlan, Suspect, Told, finding_of

_PAGE = re.compile(r"^(?:const )?struct (page|folio) \*$")
_WORD = re.compile(r"^\w+$")


@dataclass(frozen=True, slots=True)
class KeepDuty(Duty):
    """A function and one page that it must keep locked, with what it does to the lock; each release with the results of the
    call that it comes with."""

    name: str
    word: str
    names: frozenset[str]
    releases: tuple[tuple[Touch, ReleaseOutcome], ...]
    takes: tuple[Touch, ...]
    unclear: frozenset[int]


@dataclass(frozen=True, slots=True)
class KeepRule:
    """The kind `keeps_locked`."""

    kind: str = "keeps_locked"

    def duties(self, obligation: Obligation, facts: TreeFacts) -> tuple[tuple[KeepDuty, ...], tuple[Unexamined, ...]]:
        """One duty per page parameter of each implementation that does anything to the lock."""
        implementations, lost = implementations_of(obligation, facts.index)
        duties, missing = parted(duty for one in implementations for duty in _duties(obligation, one, facts))
        return tuple(duty for duty in duties if duty.releases or duty.takes), lost + missing

    def semantic_patch(self, duty: KeepDuty) -> SemanticPatch:
        """SmPL that stars returns behind an unlock, and calls that lock the page."""
        return render(self.kind, duty.obligation.id, _context(duty, "report"))

    def judge(self, duty: KeepDuty, lines: Iterable[int], text: str) -> tuple[Suspect, ...]:
        """A suspect for every starred return that leaves the page unlocked and every starred call that locks it."""
        starred = set(lines)
        found = [_taken_again(duty, touch, text) for touch in duty.takes if touch.line in starred]
        for number, node in enumerate(duty.graph.nodes):
            if node.kind == "return" and node.line in starred:
                found += _left_unlocked(duty, number, text)
        return tuple(sorted(found, key=lambda suspect: suspect.finding.line))

    def unstarred(self, duty: KeepDuty, lines: Iterable[int]) -> tuple[Node, ...]:
        """Places to which the path search finds a way although spatch starred nothing."""
        starred = set(lines)
        nodes = [
            touch.node for touch in duty.takes if touch.line not in starred and isinstance(_way_to(duty, touch), Path)
        ]
        for number, node in enumerate(duty.graph.nodes):
            if (
                node.kind == "return"
                and node.line not in starred
                and any(isinstance(way, Path) for _, way in _ways(duty, number))
            ):
                nodes.append(number)
        return tuple(duty.graph.nodes[number] for number in nodes)

    def again(self, duty: KeepDuty, definition: Definition, graph: Graph, facts: TreeFacts) -> KeepDuty:
        """The duty as it stands in an edited file, whose function is `graph`."""
        return _examined(replace(duty, definition=definition, graph=graph), facts)


def _duties(obligation: Obligation, one: Implementation, facts: TreeFacts) -> Iterator[KeepDuty | Unexamined]:
    graph = bound_graph(obligation, one.definition, facts.index)
    if isinstance(graph, Unexamined):
        yield graph
        return
    for parameter in graph.parameters:
        match = _PAGE.match(parameter.type)
        if match and parameter.name:
            duty = KeepDuty(
                obligation, one.definition, graph, registrations(one.entries), (),
                parameter.name, match.group(1), frozenset(), (), (), frozenset(),
            )  # fmt: skip
            yield _examined(duty, facts)


def _examined(duty: KeepDuty, facts: TreeFacts) -> KeepDuty:
    """The duty with what its function does to the lock."""
    names = aliases(duty.graph, duty.name)
    touches = [t for t in facts.effects.touches(duty.graph, duty.definition.path, names) if t.callee]
    blocking = [t for t in touches if "take" in t.marks and "trylock" not in t.note]
    return replace(
        duty,
        names=names,
        releases=tuple(_releases(duty.graph, duty.definition.path, touches, names, facts)),
        takes=tuple(t for t in blocking if "release" not in t.marks),
        unclear=frozenset(t.node for t in touches if "take" in t.marks and "release" in t.marks),
    )


def _releases(
    graph: Graph, path: str, touches: Iterable[Touch], names: frozenset[str], facts: TreeFacts
) -> Iterator[tuple[Touch, ReleaseOutcome]]:
    """The calls that give the lock up, for what they are told, and with what results."""
    for touch in touches:
        if "release" in touch.marks and "take" not in touch.marks:
            calls = [call for call in graph.nodes[touch.node].calls if call.callee == touch.callee]
            outcome = ReleaseOutcome.NEVER
            for call in calls:
                outcome |= outcome_of(call, path, names, facts.effects)
            if outcome is not ReleaseOutcome.NEVER:
                yield touch, outcome


def _way_to(duty: KeepDuty, touch: Touch) -> Path | NoPath:
    """A way on which the page is still locked when the call locks it."""
    gone = {one.node for one, _ in duty.releases} | duty.unclear
    return find_path(duty.graph, touch.node, gone - {touch.node})


def _ways(duty: KeepDuty, target: int) -> list[tuple[Touch, Path | NoPath]]:
    """Ways to a return over each release that nothing takes back; a release that undoes a lock of the function's own is
    blamed on that lock."""
    own = {touch.node for touch in duty.takes}
    back = frozenset(own | duty.unclear)
    found = []
    for touch, outcome in duty.releases:
        if own and not isinstance(find_path(duty.graph, touch.node, own), Path):
            continue
        if touch.node == target:  # return helper(page);
            found.append((touch, find_path(duty.graph, target, ())))
            continue
        turn = turn_over(touch, duty.graph.nodes[touch.node], outcome, target, back)
        found.append((touch, way_over(duty.graph, turn)))
    return found


def _left_unlocked(duty: KeepDuty, target: int, text: str) -> list[Suspect]:
    ways = [(touch, way) for touch, way in _ways(duty, target) if isinstance(way, Path)]
    if not ways:
        return []
    touch, path = ways[0]
    node = duty.graph.nodes[target]
    message = f"{duty.graph.name}() returns with the {duty.word} unlocked, which its caller keeps locked"
    return [_suspect(duty, touch, path, node, node.line, message, text)]


def _taken_again(duty: KeepDuty, touch: Touch, text: str) -> Suspect:
    message = f"{duty.graph.name}() locks the {duty.word}, which its caller has locked"
    return _suspect(duty, touch, _way_to(duty, touch), duty.graph.nodes[touch.node], touch.line, message, text)


def _suspect(
    duty: KeepDuty, touch: Touch, path: Path | NoPath, node: Node, line: int, message: str, text: str
) -> Suspect:
    file, graph = duty.definition.path, duty.graph
    branch = last_branch(graph, path)
    missing = () if "take" in touch.marks else ("folio_lock" if duty.word == "folio" else "lock_page",)
    statement = node.text or "the end of the function"
    start = Step(file, duty.definition.span.line, f"{graph.name}() is called with {duty.name} locked")
    told = Told(
        line=line,
        code=f"{branch.condition}|{branch.taken}|{duty.name}|{node.text}",
        message=message,
        breach=branch.breach(statement, missing, duty.word, duty.name),
        evidence=(start, *branch_steps(graph, path, file), Step(file, touch.line, touch.note)),
        doubts=_why_lower(duty, touch),
    )
    return Suspect(finding_of(duty, told, text), path, _plan(duty, touch))


def _why_lower(duty: KeepDuty, touch: Touch) -> tuple[Doubt, ...]:
    reasons = []
    if touch.callee not in call_vocabulary().marks:
        reasons.append((Confidence.MODERATE, f"{touch.callee}() may do so on some of its paths only"))
    if touch.marks & {"unknown", "escape", "hand_on"}:
        reasons.append((Confidence.LOW, f"{touch.callee}() also does what cannot be seen through"))
    if not duty.graph.whole:
        reasons.append((Confidence.MODERATE, f"a part of {duty.graph.name}() did not parse"))
    return tuple(reasons)


def _plan(duty: KeepDuty, touch: Touch) -> FixPlan | NoFix:
    """Drop the only unlock of a function that never locks."""
    if "take" in touch.marks:
        return NoFix("whether the lock or its caller is wrong is for a person to decide")
    node = duty.graph.nodes[touch.node]
    call = next(call for call in node.calls if call.callee == touch.callee)
    written = f"{call.callee}({', '.join(call.arguments)});"
    if (
        duty.takes
        or duty.unclear
        or len(duty.releases) != 1
        or node.text != written
        or touch.callee not in call_vocabulary().marks
    ):
        return NoFix("the unlock is not the only one, or not a call of its own")
    return FixPlan(render("keeps_locked", duty.obligation.id, _context(duty, "fix", drops=written)), touch.line)


def _context(duty: KeepDuty, mode: str, **more: object) -> dict[str, object]:
    def names(touches: Iterable[Touch]) -> list[str]:
        return sorted({touch.callee for touch in touches if _WORD.match(touch.callee)})

    release, take = ("folio_unlock", "folio_lock") if duty.word == "folio" else ("unlock_page", "lock_page")
    return {
        "mode": mode,
        "obligation": duty.obligation,
        "function": duty.graph.name,
        "releases": sorted({release, *names(touch for touch, _ in duty.releases)}),
        "takes": sorted({take, *names(duty.takes)}),
        "symbols": sorted(duty.names) if more else [],
        **more,
    }
