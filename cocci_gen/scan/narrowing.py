"""An Examined whose fixes are made -> semantic patches that make them and nothing else, and where they do more all the same.

Of what a semantic patch changes only what is next to the breach is kept; who runs the one that a mail shows gets all of it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

import tree_sitter

from cocci_gen.coccinelle.narrowing import Lead, in_one_round, narrowed
from cocci_gen.coccinelle.spatch import Outcome, Patched
from cocci_gen.code.graphs.control_flow import Graph, Node
from cocci_gen.code.texts.source import parse
from cocci_gen.findings.edits import edits_between
from cocci_gen.findings.findings import Edit
from cocci_gen.kinds.suspects import FixPlan
from cocci_gen.scan.examined import Examined

#: The call that a rule begins its way with.
_BEGINS = re.compile(r"^ (\w+)\(\.\.\.\)$", re.MULTILINE)


class Nearness(Enum):
    """What goes into the pattern beside an exit: the nearest statement or test before it, all of its block, or that in the loop
    around it; or that what is at the head of such a loop is not passed on the way."""

    STATEMENT = auto()
    BLOCK = auto()
    LOOP = auto()
    ROUND = auto()


@dataclass(frozen=True, slots=True)
class Wide:
    """Fixes of one duty by one semantic patch that changes more than `edits`, which are to be kept: `beyond` is the rest."""

    one: Examined
    numbers: tuple[int, ...]
    text: str
    edits: frozenset[Edit]
    beyond: tuple[Edit, ...]

    def narrower(self, near: Nearness) -> str:
        """The semantic patch with what stands before each of its exits; "" where nothing can be said of that."""
        graph, text = self.one.duty.graph, self.one.slice.text
        if near is Nearness.ROUND:
            head = self._head()
            return in_one_round(self.text, head) if head else ""
        plans = [plan for number in self.numbers if isinstance(plan := self.one.suspects[number].plan, FixPlan)]
        leads = {lead for plan in plans for line in plan.anchors for lead in _leads(graph, text, line, near)}
        return narrowed(self.text, sorted(leads))

    def _head(self) -> str:
        """What is called once, ahead of what the rules begin with and of all that is changed too much: the next round begins so;
        "" where nothing is."""
        calls = [call for call in self.one.duty.graph.calls() if call.direct]
        often = Counter(call.callee for call in calls)
        begins = set(_BEGINS.findall(self.text))
        limit = min((call.line for call in calls if call.callee in begins), default=0)
        last = min(edit.line for edit in self.beyond)
        ahead = [call for call in calls if call.line <= last < limit and often[call.callee] == 1]
        return max(ahead, key=lambda call: call.line).callee if ahead else ""

    def leave(self) -> None:
        """Keep in mind where the semantic patch does more."""
        for number in self.numbers:
            self.one.beyond[number] = tuple(edit.line for edit in self.beyond)

    def fits(self, outcome: Patched) -> bool:
        """Whether an answer makes the edits that are to be kept, and no others."""
        return frozenset(edits_between(self.one.slice.text, outcome.text)) == self.edits

    def take(self, narrower: str) -> None:
        """Let a narrower semantic patch stand for the wide one."""
        suspects = list(self.one.suspects)
        for number in self.numbers:
            plan = suspects[number].plan
            if isinstance(plan, FixPlan):
                patch = replace(plan.semantic_patch, text=narrower)
                suspects[number] = replace(suspects[number], plan=replace(plan, semantic_patch=patch))
        self.one.suspects = tuple(suspects)


def wide_ones(one: Examined, made: Sequence[tuple[int, Outcome]]) -> Iterator[Wide]:
    """The semantic patches of a duty that change more than the fixes that are kept of them; `made` are their answers by the
    number of the suspect."""
    by_text: dict[str, list[tuple[int, Patched]]] = {}
    for number, outcome in made:
        plan = one.suspects[number].plan
        if isinstance(plan, FixPlan) and isinstance(outcome, Patched):
            by_text.setdefault(plan.semantic_patch.text, []).append((number, outcome))
    for text, answers in by_text.items():
        kept = {number: edits for number, _ in answers if isinstance(edits := one.edits.get(number), tuple)}
        wanted = frozenset(edit for edits in kept.values() for edit in edits)
        beyond = tuple(e for e in edits_between(one.slice.text, answers[0][1].text) if e not in wanted)
        if kept and beyond:
            yield Wide(one, tuple(kept), text, wanted, beyond)


def _leads(graph: Graph, text: bytes, line: int, near: Nearness) -> Iterator[Lead]:
    """What stands right before what a line of the text holds."""
    loop = _loop(text, line) if near is Nearness.LOOP else ""
    for number, node in enumerate(graph.nodes):
        if node.line != line or node.kind not in ("statement", "return"):
            continue
        before = list(_before(graph, number))
        texts = [_pattern(one) for one, _ in before if one.kind == "statement"]
        tested = [one.text if label == "true" else f"!{one.text}" for one, label in before if one.kind == "condition"]
        if near is Nearness.STATEMENT and texts:
            texts, tested = texts[:1], []
        if all(texts) and (texts or tested) and (loop or near is not Nearness.LOOP):
            other = bool(tested) and _has_else(text, line)
            yield Lead(node.text, tuple(reversed(texts)), tested[0] if tested else "", loop, other)


def _around(text: bytes, line: int, kinds: tuple[str, ...]) -> tree_sitter.Node | None:
    """The innermost of these around a line of the text."""
    lines = text.split(b"\n")
    place = (line - 1, len(lines[line - 1]) - len(lines[line - 1].lstrip()))
    node = parse(text).root_node.descendant_for_point_range(place, place)
    while node is not None and node.type not in kinds:
        node = node.parent
    return node


def _has_else(text: bytes, line: int) -> bool:
    """Whether the innermost `if` around a line has an `else`, and the line stands in front of it."""
    node = _around(text, line, ("if_statement",))
    other = node.child_by_field_name("alternative") if node is not None else None
    return other is not None and other.start_point[0] >= line - 1


def _loop(text: bytes, line: int) -> str:
    """The head of the innermost loop around a line; "" for none."""
    node = _around(text, line, ("for_statement", "while_statement"))
    body = node.child_by_field_name("body") if node is not None else None
    if node is None or body is None:
        return ""
    return " ".join(text[node.start_byte : body.start_byte].decode("utf-8", "surrogateescape").split())


def _before(graph: Graph, number: int) -> Iterator[tuple[Node, str]]:
    """The steps that lead to one and to nothing else, from the nearest up to and with a branch, each with its label."""
    for _ in graph.nodes:
        found = [(at, label) for at, other in enumerate(graph.nodes) for to, label in other.successors if to == number]
        if len(found) != 1:
            return
        number, label = found[0]
        yield graph.nodes[number], label
        if graph.nodes[number].kind != "statement":
            return


def _pattern(node: Node) -> str:
    """A statement as a pattern: of a call with strings its name alone, for SmPL reads no `"one" "after another"`; "" for a label
    and for what else holds a string."""
    if '"' not in node.text:
        return "" if node.text.endswith(":") else node.text
    called = re.fullmatch(r"(\w+)\(.*\);", node.text)
    return f"{called[1]}(...);" if called else ""
