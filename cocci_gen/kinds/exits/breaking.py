"""The exit that breaks a rule -> Breaking, where what it lacks may be added so that no other exit gets it too.

A call may only be added where every path owes it.  An exit that other paths share with their duty done is left alone; the
call then goes to the last place on the breaking path that no such path reaches, for instance before a `goto`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from cocci_gen.coccinelle.smpl import SemanticPatch
from cocci_gen.code.graphs.control_flow import Node
from cocci_gen.code.graphs.warned import warns_always, warns_of
from cocci_gen.code.searches.machines import ANYTHING, Result
from cocci_gen.code.searches.paths import Decision, Path
from cocci_gen.facts.calls.page_calls import call_vocabulary
from cocci_gen.facts.calls.page_places import is_alias
from cocci_gen.facts.pages.pages import Touch
from cocci_gen.findings.findings import FOR_GOOD, NoFix
from cocci_gen.kinds.exits.doubts import does_to_it
from cocci_gen.kinds.exits.refusals import refuses_caller
from cocci_gen.kinds.exits.study import Study
from cocci_gen.kinds.page_duty import PageDuty
from cocci_gen.kinds.page_words import page_words
from cocci_gen.kinds.suspects import FixPlan

#: Words of a file system that is shut down.
_SHUT_DOWN = re.compile(r"shutdown|cp_error|withdraw|aborted|emergency_ro|sb_rdonly|is_dead", re.IGNORECASE)
_JUMP = re.compile(r"goto \w+;|break;")


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

    @property
    def voided(self) -> bool:
        """Whether the path has said that what the page holds counts no more: what is not up to date is not made dirty."""
        return does_to_it(self.duty, self.path, page_words().voids)

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

    def others_put(self) -> bool:
        """Whether every other end of the function lies behind a drop of a reference that it has not taken itself."""
        graph, puts = self.duty.graph, self.puts()
        if self.duty.starts or any(call.callee in call_vocabulary().get for call in graph.calls()):
            return False
        ends = {
            n for n, node in enumerate(graph.nodes) if any(graph.nodes[to].kind == "exit" for to, _ in node.successors)
        }
        return bool(puts) and ends & (graph.behind((0,), puts) - set(puts)) <= {self.number}

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
        jumps = [step for step in self._ahead_of(wanted) if _JUMP.match(self.duty.graph.nodes[step].text)]
        own = [step for step in jumps if step not in shared and not self.idle(step) and self.study.only_breaks(step)]
        return own[-1] if own else None

    def _ahead_of(self, wanted: int) -> tuple[int, ...]:
        """The nodes of the path ahead of one."""
        return self.path.nodes[: self.path.nodes.index(wanted)] if wanted in self.path.nodes else self.path.nodes

    def shared_exit(self, wanted: int, others: str) -> NoFix:
        """Why nothing is added at node `wanted`, to which paths come as well that did what is owed (`others` says what), nor
        before a jump: what is there that the paths have alone that did not."""
        nodes, shared = self.duty.graph.nodes, self.shared()
        alone = [number for number in self._ahead_of(wanted) if number not in shared]
        own = [n for n in alone if nodes[n].kind == "statement" and not self.idle(n) and self.study.only_breaks(n)]
        tests = {one.node for one in self.path.decisions}
        parting = [number for number in alone if number in tests]
        why = f"the exit is shared with paths that {others}"
        if own:
            return NoFix(
                f"{why}; line {nodes[own[-1]].line} is not, and what is to be done there is for a person to decide"
            )
        if parting:
            return NoFix(
                f"{why}; line {nodes[parting[-1]].line} tells them apart, and no statement behind it is the other paths' alone"
            )
        return NoFix(why)

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
