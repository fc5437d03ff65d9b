"""An exit that breaks a rule -> Label or Jump, to where the function's other exits do what it lacks."""

from __future__ import annotations

import re
from dataclasses import dataclass

from cocci_gen.kinds.exits.breaking import Breaking
from cocci_gen.kinds.jumps import Jump, jump_for
from cocci_gen.kinds.page_words import page_words


@dataclass(frozen=True, slots=True)
class Label:
    """A label behind which the page is unlocked and `variable` returned; `redirties` tells whether it is redirtied too."""

    name: str
    variable: str
    redirties: bool


def exit_label(breaking: Breaking, *, redirty_owed: bool) -> Label | None:
    """The label that the function's other exits go to, if going there adds nothing but what this exit owes."""
    found = [
        label for name, start in breaking.duty.graph.labels if (label := _read_label(breaking, name, start)) is not None
    ]
    found = [label for label in found if redirty_owed or not label.redirties]
    return max(found, key=lambda label: label.redirties, default=None)


def release_jump(breaking: Breaking, owed: list[str]) -> Jump | None:
    """The jump to what other exits do, a redirty among it where one is owed."""
    duty = breaking.duty
    released = [touch.node for touch in duty.touches if touch.marks == {"release"}]
    redirtied = [touch.node for touch in duty.touches if "redirty" in touch.marks]
    found = jump_for(duty.graph, breaking.number, [released, redirtied] if owed else [released], failed=breaking.fails)
    # What a success says of the page's data is no end for a failure, and the name of a failure none for a success.
    if found is None or not breaking.node.returned or (found.sets and not breaking.fails):
        return None
    return found


def _read_label(breaking: Breaking, name: str, start: int) -> Label | None:
    graph, duty, words = breaking.duty.graph, breaking.duty, page_words()
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
        if call.callee in words.unlock.values() and call.arguments[0] in duty.aliases:
            unlocked = True
        elif call.callee in words.redirties:
            redirtied = True
        elif not (words.harmless.fullmatch(call.callee) or (breaking.fails and words.failing.fullmatch(call.callee))):
            return None
    return Label(name, variable, redirtied) if unlocked else None
