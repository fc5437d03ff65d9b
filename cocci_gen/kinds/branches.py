"""A Path -> the branches that it takes, as evidence, and the last of them, as a Breach tells it."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from cocci_gen.code.graphs.control_flow import Graph
from cocci_gen.code.searches.explorations import Stop
from cocci_gen.code.searches.machines import Event
from cocci_gen.code.searches.paths import NoPath, Path
from cocci_gen.facts.calls.steps import Step
from cocci_gen.findings.findings import Breach

#: What `_case` says of a switch.
_IN_CASE = re.compile(r"(.*) is (in no case|\S+)")


@dataclass(frozen=True, slots=True)
class Branch:
    """The condition under which a place is reached ("" when it is unconditional), and the label of the branch."""

    condition: str
    label: str
    line: int

    @property
    def taken(self) -> bool:
        """Whether the condition holds; a case of a switch does."""
        return self.label != "false"

    def told(self) -> Branch:
        """The same with the case of a switch in the words of the condition."""
        if self.label in ("true", "false"):
            return self
        return Branch(_case(self.condition, self.label), "true", self.line)

    def breach(self, statement: str, missing: tuple[str, ...], resource: str, name: str) -> Breach:
        """What goes wrong at a statement behind the branch."""
        return Breach(statement, self.condition, self.taken, self.line, missing, resource, name)


def when(condition: str, *, taken: bool) -> str:
    """The words for under which condition a place is reached, "" where there is none."""
    if not condition:
        return ""
    case = _IN_CASE.fullmatch(condition) if taken else None
    return f" when `{case[1]}` is {case[2]}" if case else f" when `{condition}` is {'true' if taken else 'false'}"


def last_branch(graph: Graph, path: Path | NoPath) -> Branch:
    """The last branch that a path takes."""
    if isinstance(path, NoPath) or not path.decisions:
        return Branch("", "true", 0)
    decision = path.decisions[-1]
    test = graph.nodes[decision.node]
    return Branch(test.text, decision.label, test.line)


def branch_steps(graph: Graph, path: Path | NoPath, file: str) -> tuple[Step, ...]:
    """Every branch that a path takes, as evidence; none where there is no path."""
    decisions = path.decisions if isinstance(path, Path) else ()
    tests = ((graph.nodes[decision.node], decision.label) for decision in decisions)
    return tuple(Step(file, test.line, f"`{_plain(test.text, label)}` is {label}") for test, label in tests)


def way_steps(graph: Graph, path: Path, file: str, told: Mapping[int, Sequence[Step]]) -> tuple[Step, ...]:
    """Every branch that a path takes, and what is told of the nodes that it passes, in the order in which it comes there."""
    branches = deque(zip(path.decisions, branch_steps(graph, path, file), strict=True))
    untold, steps = dict(told), list[Step]()
    for node in path.nodes:
        steps += untold.pop(node, ())
        if branches and branches[0][0].node == node:
            steps.append(branches.popleft()[1])
    return (*steps, *(step for _, step in branches))


def first_of_two(stops: Sequence[Stop], events: Mapping[int, Sequence[Event]], file: str) -> dict[int, list[Step]]:
    """Of a way to a step that is wrong there, as it was done before: where that was, told of its node; nothing where the function
    was entered so."""
    turns = [here.node for here, there in pairwise(stops) if here.state != there.state]
    return {
        node: [Step(file, event.line, f"{event.note}: the first of the two")]
        for node in turns[-1:]
        for event in events.get(node, ())[-1:]
    }


def _case(condition: str, label: str) -> str:
    """A switch and the label of a case -> what holds there."""
    return (
        f"{_plain(condition, label)} is {label}" if label != "default" else f"{_plain(condition, label)} is in no case"
    )


def _plain(text: str, label: str) -> str:
    """What a switch looks at, without the brackets around it."""
    bracketed = label not in ("true", "false") and text.startswith("(") and text.endswith(")")
    return text[1:-1] if bracketed else text
