"""A head plan and a function that follows it -> the parameter that its body uses and that nobody hands on any more."""

from __future__ import annotations

import re
from collections.abc import Mapping

from cocci_gen.port.methods.body_uses import Recomputes
from cocci_gen.port.methods.head_plans import HeadPlan
from cocci_gen.port.texts.instances import Written, head_of
from cocci_gen.port.texts.parameters import Removed, Retyped, name_of
from cocci_gen.port.texts.plain_text import blank_comments


def lost_parameter(plan: HeadPlan, function: Written, pointed: Mapping[int, str]) -> str:
    """The first parameter in use of which the plan does not say what becomes, "" for none; `pointed` are the members that stand
    for what parameters pointed to (by number)."""
    head = head_of(function)
    parameters = head.parameters if head is not None else ()
    body = blank_comments(function.text).decode("utf-8", "replace").partition("{")[2]
    for step in plan.evolution.steps:
        if not isinstance(step, Retyped | Removed) or isinstance(plan.uses.get(step.old), Recomputes):
            continue
        name = name_of(parameters[step.old]) if step.old < len(parameters) else ""
        if step.old in pointed:
            body = re.sub(rf"\*\s*{name}\b(?!\s*(?:->|\[))", "", body) if name else body
        if name and re.search(rf"(?<![>.\w]){name}\b", body):
            return parameters[step.old]
    return ""
