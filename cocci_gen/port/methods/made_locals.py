"""The locals that the rules for heads put into bodies -> the last rules: what the parameter itself stands for, what nothing uses.

`struct file *file = iocb->ki_filp;` keeps a body as it was.  Where the body gives `file` to a function that takes a
`struct kiocb *` by now, it has one; and where it makes a folio of its page again, it had that.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from cocci_gen.port.changes.evolutions import Evolution, FunctionChanged
from cocci_gen.port.lessons.rules import Declarations, PortRule
from cocci_gen.port.methods.body_uses import Recomputes
from cocci_gen.port.methods.head_plans import HeadPlan
from cocci_gen.port.methods.parameter_lists import declaration_of
from cocci_gen.port.texts.parameters import Removed, Retyped, without_name

_POINTED = re.compile(r"(?:const )?struct (\w+) \*")


@dataclass(frozen=True, slots=True)
class _Local:
    """A local of some functions: its declaration, and the parameters that it is made of."""

    stem: str
    functions: tuple[str, ...]
    declaration: str
    sources: tuple[str, ...]

    def rule(self, name: str, body: Sequence[str], more: Sequence[str] = ()) -> str:
        """The SmPL about the bodies that have it."""
        return "\n".join(
            [
                f"@{self.stem}_{name}@",
                f"identifier fn = {{{', '.join(self.functions)}}};",
                "identifier I;",
                *(f"identifier {source};" for source in self.sources),
                *more,
                "@@",
                " fn(...)",
                " {",
                *body,
                " }",
            ]
        )


def local_rules(
    plans: Iterable[HeadPlan], declared: Iterable[PortRule], evolutions: Iterable[Evolution]
) -> list[PortRule]:
    """How heads follow, the rules that were made of that, and what changed -> the rules for the locals in their bodies."""
    functions: dict[str, set[str]] = {}
    for rule in declared:
        functions.setdefault(rule.evolution, set()).update(*rule.words)
    changed = [one for one in evolutions if isinstance(one, FunctionChanged)]
    found = []
    for plan in plans:
        one = plan.evolution
        names = functions.get(one.id, set()) - {one.old.name}
        text = local_text(plan, names, changed) if names else ""
        if text:
            title = f"->{one.new.name}: locals that the parameter itself stands for, or that nothing uses"
            found.append(PortRule(f"{one.id}.unused", one.id, title, text, Declarations(), (frozenset(names),)))
    return found


def local_text(plan: HeadPlan, functions: Collection[str], changed: Sequence[FunctionChanged]) -> str:
    """The SmPL for the locals of one method's bodies, "" where there are none."""
    rules: list[str] = []
    for step in plan.evolution.steps:
        use = plan.uses.get(step.old) if isinstance(step, Retyped | Removed) else None
        if isinstance(use, Recomputes) and isinstance(step, Retyped | Removed):
            stem = re.sub(r"\W", "_", f"{plan.evolution.old.struct}_{plan.evolution.old.name}_local_{step.old}")
            value = use.value.format(*(f"Q{place}" for place in range(len(plan.names))))
            sources = tuple(sorted(set(re.findall(r"\bQ\d+\b", value))))
            declaration = f"{declaration_of(use.type, 'I')} = {value};"
            local = _Local(stem, tuple(sorted(functions)), declaration, sources)
            rules += _stood_for(local, plan, step, use, changed)
            rules.append(local.rule("unused", [f"- {local.declaration}", " ... when != I"]))
    return "\n\n".join(rules) + "\n" if rules else ""


def _stood_for(
    local: _Local, plan: HeadPlan, step: Retyped | Removed, use: Recomputes, changed: Iterable[FunctionChanged]
) -> Iterator[str]:
    """The rules for the places of which the parameter is what they want."""
    if len(local.sources) != 1 or not isinstance(step, Retyped):
        return
    (source,) = local.sources
    if use.back:
        again = [f"- {use.back.replace('{}', 'I')}", f"+ {source}"]
        yield local.rule("back", [f" {local.declaration}", " <... when != I = ...", *again, " ...>"])
    yield from _given(local, plan, step, changed)


def _given(local: _Local, plan: HeadPlan, step: Retyped, changed: Iterable[FunctionChanged]) -> Iterator[str]:
    """The rules for what is called with the local, and takes by now what it is made of."""
    method = (plan.evolution.old.prototype.parameters[step.old], plan.evolution.new.prototype.parameters[step.new])
    for one in changed:
        for other in one.steps:
            if isinstance(other, Retyped) and _tags(method) == _tags(
                (one.old.parameters[other.old], one.new.parameters[other.new])
            ):
                lists = [f"expression list[{other.old}] EL;"] if other.old else []
                before, behind = ("EL," if other.old else ""), other.old + 1 < len(one.old.parameters)
                call = [f" {one.old.name}({before}", "- I", f"+ {local.sources[0]}", " , ...)" if behind else " )"]
                body = [f" {local.declaration}", " <... when != I = ...", *call, " ...>"]
                yield local.rule(f"to_{one.old.name}", body, lists)


def _tags(parameters: tuple[str, str]) -> tuple[str, str]:
    """What a parameter points to before and after; a pair that equals no other where it is no structure."""
    found = [_POINTED.fullmatch(without_name(one)) for one in parameters]
    return (found[0].group(1), found[1].group(1)) if found[0] and found[1] else parameters
