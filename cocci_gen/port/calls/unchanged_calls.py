"""The code after all rules -> Leftover, each call of a function that takes something else by now and that is called as before."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cocci_gen.code.texts.reading import arguments
from cocci_gen.document.declarations import type_of
from cocci_gen.port.calls.given_types import lines_by_type
from cocci_gen.port.changes.declared import Function, Method
from cocci_gen.port.changes.descriptions import described
from cocci_gen.port.changes.evolutions import Evolution, FunctionChanged, MacroChanged, MethodChanged, MethodRenamed
from cocci_gen.port.changes.mentions import places_of
from cocci_gen.port.methods.head_plans import HeadPlan, has_prototype
from cocci_gen.port.remains.changed_values import lines_that_use
from cocci_gen.port.remains.leftovers import Leftover
from cocci_gen.port.texts.instances import Code, Instance, Written, head_of
from cocci_gen.port.texts.parameters import Kept, Retyped, without_name
from cocci_gen.port.texts.plain_text import plain

_TAG = re.compile(r"\b(?:struct|union|enum)\s+(\w+)")


@dataclass(frozen=True, slots=True)
class Followed:
    """Functions of which the tree needs nothing else by now: those that nearly all of it calls with the same words, which is
    right where those words are of the new structure (a method's parameter), and those that it hands on as values as before."""

    called: frozenset[str] = frozenset()
    handed: frozenset[str] = frozenset()


_NONE = Followed()


def unchanged_calls(
    evolutions: Iterable[Evolution],
    before: Mapping[str, bytes],
    after: Code,
    did: Mapping[str, tuple[str, ...]],
    own: frozenset[str],
    followed: Followed = _NONE,
) -> Iterator[Leftover]:
    """Calls of functions whose callers must change: those with as many arguments as before, or, where that tells nothing, those
    on lines that no rule changed, and those that give the old structure by name; one that gives the new one by name is right.
    What names a function without calling it is right where it fills a method that has its new prototype."""
    changed = [
        one
        for one in evolutions
        if isinstance(one, FunctionChanged | MacroChanged) and _matters(one) and one.old.name not in own
        and (one.old.name not in followed.called or _takes_another(one))
    ]  # fmt: skip
    methods = {(one.new.name, _types(one.new.prototype.parameters))
               for one in evolutions if isinstance(one, MethodChanged | MethodRenamed)}  # fmt: skip
    for path, text in after.texts.items():
        clean, words = plain(text).code, plain(text).words
        lines, there = text.split(b"\n"), set(before[path].split(b"\n"))
        for one in changed:
            if one.old.name.encode() not in words:
                continue
            right, wrong = (
                lines_by_type(one, after, path) if isinstance(one, FunctionChanged) else (frozenset(), frozenset())
            )
            numbers, fields = _numbers(one), _other_structures(one)
            given = _given(one.old.name, clean)
            fine = _named(one, clean, methods, followed.handed)
            fine |= {
                line for line, calls in given.items() if fields and all(_gives_none(call, fields) for call in calls)
            }
            for line in dict.fromkeys(places_of(one, clean)):
                if line in fine:
                    continue
                counts = [len(call) for call in given.get(line, ())] if numbers else []
                told = numbers[0] in counts if counts else lines[line - 1] in there or line in wrong
                if told and line not in right:
                    yield Leftover(path, line, one.id, described(one), did.get(one.id, ()))


def calls_of_instances(
    plans: Iterable[HeadPlan],
    instances: Mapping[tuple[str, str], Sequence[Instance]],
    after: Code,
    names: Mapping[str, str],
) -> Iterator[Leftover]:
    """How heads follow, the functions that tables name, the code after all rules, and the new names of functions -> the calls
    that the code makes itself of functions whose heads have more or fewer parameters by now, or take another structure."""
    for plan in plans:
        one = plan.evolution
        before, now = len(one.old.prototype.parameters), len(one.new.prototype.parameters)
        every = {
            names.get(each.function.name, each.function.name): each.function
            for each in instances.get((one.old.struct, one.old.name), ())
        }
        if one.new.prototype.returns == "void" != one.old.prototype.returns:
            yield from _used_values(one, every, after)
        for name, function in every.items():
            ported = after.resolve(name, function.path)
            head = head_of(ported) if ported is not None else None
            if head is None or len(head.parameters) != now or (before == now and not has_prototype(head, one.new)):
                continue
            change = FunctionChanged(_named_as(name, one.old), _named_as(name, one.new), one.steps)
            other = f"{name}() is given what it took, and takes what ->{one.new.name} has by now ({described(change)})"
            reason = f"{name}() is given {before}, and takes {now} as ->{one.new.name} by now"
            for path, text in after.texts.items():
                if name.encode() in text and (path == function.path or not function.span.static):
                    # What is stored through a pointer to a pointer is told where the local is (`passed_locals`).
                    deep = any("**" in without_name(parameter) for parameter in _retyped(change))
                    _, wrong = lines_by_type(change, after, path) if not deep else (frozenset(), frozenset[int]())
                    yield from (Leftover(path, line, one.id, other, plan.shown[:3]) for line in sorted(wrong))
                    if before == now:
                        continue
                    given = _given(name, plain(text).code)
                    lines = (line for line, calls in given.items() if before in map(len, calls))
                    yield from (Leftover(path, line, one.id, reason, plan.shown[:3]) for line in lines)


def _used_values(
    one: MethodChanged | MethodRenamed, functions: Mapping[str, Written], after: Code
) -> Iterator[Leftover]:
    """The places where the code uses what instances of a method returned, which return nothing by now."""
    for name, function in functions.items():
        for path, text in after.texts.items():
            if name.encode() in text and (path == function.path or not function.span.static):
                reason = f"{name}() returns nothing by now, as ->{one.new.name} does, and its value is used here"
                yield from (Leftover(path, line, one.id, reason, ()) for line in lines_that_use(name, plain(text).code))


def _retyped(change: FunctionChanged) -> list[str]:
    """The parameters that have another type by now, as they were."""
    return [change.old.parameters[step.old] for step in change.steps if isinstance(step, Retyped)]


def _named_as(name: str, method: Method) -> Function:
    """A function of the code with the prototype of a method."""
    one = method.prototype
    return Function(name, one.returns, one.parameters, method.path, one.line)


def _named(
    evolution: FunctionChanged | MacroChanged,
    clean: bytes,
    methods: Collection[tuple[str, tuple[str, ...]]],
    handed: Collection[str],
) -> frozenset[int]:
    """The lines that name a function as a value that is right as it is: in a table, for a method that has the function's new
    prototype by now (`methods`, by name and types), or wherever such a value goes if the tree hands it on as before."""
    if isinstance(evolution, MacroChanged):
        return frozenset()
    name = re.escape(evolution.old.name.encode())
    values = re.compile(rb"(?:\.(\w+)[ \t]*=[ \t\n]*)?(?<![.>\w])(" + name + rb")\b(?![ \t]*\()")
    found: dict[int, bool] = {}
    for match in values.finditer(clean):
        entry = (match[1] or b"").decode()
        line = clean.count(b"\n", 0, match.start(2)) + 1
        right = evolution.old.name in handed or (entry, evolution.new.types) in methods
        found[line] = right and found.get(line, True)
    calls = {
        clean.count(b"\n", 0, match.start()) + 1 for match in re.finditer(rb"(?<![.>\w])" + name + rb"[ \t]*\(", clean)
    }
    return frozenset(line for line, right in found.items() if right and line not in calls)


def _types(parameters: Iterable[str]) -> tuple[str, ...]:
    return tuple(type_of(one) for one in parameters)


def _numbers(evolution: FunctionChanged | MacroChanged) -> tuple[int, ...]:
    """How many arguments are given, before and after, where that tells the one from the other; () where it does not."""
    if isinstance(evolution, MacroChanged):
        found = (evolution.old.arity, evolution.new.arity)
    else:
        found = (len(evolution.old.parameters), len(evolution.new.parameters))
        if any("..." in one for one in (*evolution.old.parameters, *evolution.new.parameters)):
            return ()
    return found if found[0] != found[1] and min(found) >= 0 else ()


def _other_structures(evolution: FunctionChanged | MacroChanged) -> tuple[int, ...]:
    """The numbers of the parameters that point to something else by now, where nothing else changed."""
    if isinstance(evolution, MacroChanged) or not all(isinstance(step, Kept | Retyped) for step in evolution.steps):
        return ()
    pairs = [(step.old, step.new) for step in evolution.steps if isinstance(step, Retyped)]
    kinds = [(evolution.old.parameters[old], evolution.new.parameters[new]) for old, new in pairs]
    return tuple(old for old, _ in pairs) if all("*" in one for pair in kinds for one in pair) else ()


def _gives_none(call: Sequence[str], fields: Iterable[int]) -> bool:
    """Whether a call gives NULL for each of some parameters, which is one of whatever type."""
    return all(number < len(call) and call[number].strip() == "NULL" for number in fields)


def _given(name: str, text: bytes) -> Mapping[int, Collection[Sequence[str]]]:
    """By line: what the calls of a function on it are given."""
    found: dict[int, list[Sequence[str]]] = defaultdict(list)
    for match in re.finditer(rb"(?<![.>\w])" + re.escape(name.encode()) + rb"[ \t]*\(", text):
        depth, end = 1, match.end()
        while depth and end < len(text):
            depth += (text[end : end + 1] == b"(") - (text[end : end + 1] == b")")
            end += 1
        inside = text[match.end() : end - 1].decode("utf-8", "replace")
        found[text.count(b"\n", 0, match.start()) + 1].append(arguments(inside))
    return found


def _matters(evolution: FunctionChanged | MacroChanged) -> bool:
    """Whether a call as it was cannot be right: a parameter came, went or moved, or has another structure."""
    if isinstance(evolution, MacroChanged):
        return True
    return _takes_another(evolution) or any(not isinstance(step, Kept | Retyped) for step in evolution.steps)


def _takes_another(evolution: FunctionChanged | MacroChanged) -> bool:
    """Whether a parameter has another structure."""
    if isinstance(evolution, MacroChanged):
        return False
    old, new = evolution.old.parameters, evolution.new.parameters
    retyped = [(old[step.old], new[step.new]) for step in evolution.steps if isinstance(step, Retyped)]
    return any(_TAG.findall(before) != _TAG.findall(after) and not _takes_any(after) for before, after in retyped)


def _takes_any(parameter: str) -> bool:
    """Whether a parameter takes a pointer to whatever: `const void *fops` in place of a structure."""
    return without_name(parameter) == "const void *"
