"""Functions that do one thing alone -> Start, which sets a member of its context to a table, and Handing, which returns what a
helper makes of a callback."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cocci_gen.port.lessons.examples import group_of
from cocci_gen.port.lessons.support import enough
from cocci_gen.port.methods.context_trees import Trees
from cocci_gen.port.texts.instances import Code, Instance, Written, head_of
from cocci_gen.port.texts.parameters import name_of

_STARTS = re.compile(rb"\)\s*\{\s*(\w+)->(\w+) = &(\w+);\s*return 0;\s*\}\s*\Z")

_HANDS_ON = re.compile(rb"\)\s*\{\s*return (\w+)\(([^(){}]*)\);\s*\}\s*\Z")


@dataclass(frozen=True, slots=True)
class Start:
    """A function that sets a member of its context to a table, and nothing else."""

    function: Written
    member: str
    table: str
    tag: str


@dataclass(frozen=True, slots=True)
class Handing:
    """A function that returns what a helper makes of its parameters and a callback, and nothing else."""

    function: Written
    method: str
    helper: str
    callback: str


def only_name(function: Written) -> str:
    """The name of the only parameter of a function, "" for none or several."""
    head = head_of(function)
    return name_of(head.parameters[0]) if head is not None and len(head.parameters) == 1 else ""


def enough_functions(functions: Iterable[Written], of: int) -> bool:
    """Whether some functions are enough of so many to learn from: of several groups, and nearly all."""
    listed = list(functions)
    groups = {group_of(one.path) for one in listed}
    return enough(len(listed), of, groups)


def starts_of(code: Code, instances: Iterable[Instance]) -> Iterator[Start]:
    """Instances -> those that set a member of their context to a table and do nothing else."""
    for one in instances:
        found = _STARTS.search(one.function.text)
        if found is not None and found.group(1).decode() == only_name(one.function):
            table = found.group(3).decode()
            tags = {entry.tag for entry in code.facts[one.function.path].entries if entry.variable == table}
            if len(tags) == 1:
                yield Start(one.function, found.group(2).decode(), table, tags.pop())


def handings_of(instances: Iterable[Instance]) -> Iterator[Handing]:
    """Instances -> those that return what a helper makes of a callback and do nothing else."""
    for one in instances:
        handing = handing_of(one.function)
        if handing is not None:
            yield Handing(one.function, one.method, *handing)


def handing_of(function: Written) -> tuple[str, str] | None:
    """The helper that a function does nothing but call, with parameters of its own, and the callback that it gives it last."""
    found, head = _HANDS_ON.search(function.text), head_of(function)
    if found is None or head is None:
        return None
    *given, callback = [one.strip() for one in found.group(2).decode("utf-8", "replace").split(",")]
    own = [name_of(one) for one in head.parameters]
    right = len(set(given)) == len(given) > 0 and all(one in own for one in given) and callback not in own
    return (found.group(1).decode(), callback) if right and re.fullmatch(r"[A-Za-z_]\w*", callback) else None


def steps_by_callback(
    before: Iterable[Instance], now: Sequence[Handing], trees: Trees
) -> Iterator[tuple[Handing, Handing]]:
    """The functions of the method that went, with those that hand the same callback to a helper by now."""
    by_callback = {(one.function.path, one.callback): one for one in now}
    seen = set()
    for one in before:
        handing = handing_of(one.function)
        new = by_callback.get((one.function.path, handing[1])) if handing is not None else None
        if handing is not None and new is not None and (one.function.path, one.function.name) not in seen:
            seen.add((one.function.path, one.function.name))
            if trees.old.resolve(handing[1], one.function.path) is not None:
                yield Handing(one.function, one.method, *handing), new
