"""Methods and functions that take the same thing more by now -> rules for instances that call such a function: they hand it on.

`->thaw_super` brings an owner since 7.3, and thaw_super() takes one.  Most of the tree calls that with NULL, for it has none; an
instance of the method has one, and a lock that it asks for without would be nobody's.  Where both took the same things and
take the same by now (`->update_time`, generic_update_time()), an instance that handed on all that it got does so.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from cocci_gen.port.calls.constant_arguments import takes_more
from cocci_gen.port.changes.evolutions import Evolution, FunctionChanged, MethodChanged, MethodRenamed, plain_type
from cocci_gen.port.lessons.rules import Declarations, PortRule, headed_by
from cocci_gen.port.texts.instances import Instance, Written
from cocci_gen.port.texts.parameters import Added, Kept, MovedAway, Retyped, meant, without_name

_POINTER = re.compile(r"(?:const )?(?:struct \w+|void) \*+")
_NUMBER = re.compile(r"(?:unsigned |signed |long )*(?:int|long|short|char|bool)?")
_CALLED = re.compile(rb"\b(\w+)[ \t]*\(")
#: A method of a structure.
_Method = tuple[str, str]


def brought_rules(
    evolutions: Iterable[Evolution], instances: Mapping[_Method, Sequence[Instance]]
) -> Iterator[PortRule]:
    """What changed, and the functions of the code by method -> a rule for each pair of a method and a function that changed
    alike, or that take one pointer more, of the same type: for the instances that call the function."""
    listed = list(evolutions)
    functions = [one for one in listed if isinstance(one, FunctionChanged)]
    for method in (one for one in listed if isinstance(one, MethodChanged | MethodRenamed)):
        ones = instances.get((method.old.struct, method.old.name), ())
        called = frozenset(_CALLED.findall(b" ".join(one.function.text for one in ones)))
        names = sorted({one.function.name for one in ones})
        for function in (one for one in functions if one.old.name.encode() in called):
            if _alike(method, function):
                yield from _handing_all(method, function, names)
            if takes_more(function) and _came(function) and meant(_came(function)) == meant(_came(method)):
                yield _rule(method, function, without_name(_came(method)), names)


def brought_to_own(
    evolutions: Iterable[Evolution], instances: Mapping[_Method, Sequence[Instance]], rules: Iterable[PortRule]
) -> Iterator[PortRule]:
    """What changed, the functions of the code by method, and the rules that were made for their heads -> a rule for each pair of
    methods that bring one pointer more, of the same type: an instance of the one that calls an instance of the other hands it
    on (foo_create() calls foo_mknod())."""
    headed = headed_by(rules)
    changed = (one for one in evolutions if isinstance(one, MethodChanged | MethodRenamed))
    bringing = [(one, without_name(came)) for one in changed if (came := _came(one)) and one.id in headed]
    for method, kind in bringing:
        ones = [one.function for one in instances.get((method.old.struct, method.old.name), ())]
        callers = [(one, _called(one) - {one.name}) for one in ones if one.name in headed[method.id]]
        for other in (one for one, same in bringing if meant(same) == meant(kind)):
            calling = [(one, called & headed[other.id]) for one, called in callers if called & headed[other.id]]
            if calling:
                yield _rule_for_own(method, other, kind, calling)


def _called(function: Written) -> frozenset[str]:
    """The functions that a body calls."""
    return frozenset(name.decode() for name in _CALLED.findall(function.text.partition(b"{")[2]))


def _rule_for_own(
    method: MethodChanged | MethodRenamed,
    other: MethodChanged | MethodRenamed,
    kind: str,
    calling: Sequence[tuple[Written, frozenset[str]]],
) -> PortRule:
    """The rule for instances of one method that call instances of the other."""
    callers, callees = {one.name for one, _ in calling}, frozenset[str]().union(*(called for _, called in calling))
    (place,) = (step.new for step in other.steps if isinstance(step, Added))
    given = [f"A{number}" for number in range(len(other.old.prototype.parameters))]
    now = ", ".join([*given[:place], "P", *given[place:]])
    declared = (
        f"identifier fn = {{{', '.join(sorted(callers))}}};\nidentifier own = {{{', '.join(sorted(callees))}}};\n"
    )
    declared += "identifier P;\n" + "".join(f"expression {one};\n" for one in given)
    text = (
        f"@brought_{method.old.name}_{other.old.name}@\n{declared}@@\n fn(..., {kind}P, ...)\n {{\n <...\n"
        f"- own({', '.join(given)})\n+ own({now})\n ...>\n }}\n"
    )
    title = f"a ->{other.new.name} gets the `{kind}` that the ->{method.new.name} which calls it brings by now"
    words, paths = (callees, frozenset(callers)), frozenset(one.path for one, _ in calling)
    return PortRule(f"{other.id}.{method.id}.own", other.id, title, text, Declarations(), words, paths)


def _alike(method: MethodChanged | MethodRenamed, function: FunctionChanged) -> bool:
    """Whether both had one prototype, have one now, and return what they returned."""
    sides = ((method.old.prototype, function.old), (method.new.prototype, function.new))
    kinds = [[(plain_type(one.returns), *map(meant, one.parameters)) for one in side] for side in sides]
    return all(one == other for one, other in kinds) and kinds[0][0][0] == kinds[1][0][0]


def _handing_all(
    method: MethodChanged | MethodRenamed, function: FunctionChanged, names: Collection[str]
) -> Iterator[PortRule]:
    """The rule for calls that hand on all that an instance got, if each of that is there by now."""
    old, new = method.old.prototype.parameters, method.new.prototype.parameters
    moves = (step for step in method.steps if isinstance(step, Kept | MovedAway | Retyped))
    stays = {step.old: step.new for step in moves if not isinstance(step, Retyped) or _counts(step, old, new)}
    if len(stays) != len(old) or len(new) == len(old):
        return
    name, given = function.old.name, ", ".join(f"P{stays[number]}" for number in range(len(old)))
    places = range(len(new))
    declared = f"identifier fn = {{{', '.join(names)}}};\n" + "".join(f"type T{n};\nidentifier P{n};\n" for n in places)
    head, now = ", ".join(f"T{n} P{n}" for n in places), ", ".join(f"P{n}" for n in places)
    text = f"@all_to_{name}@\n{declared}@@\n fn({head})\n {{\n <...\n- {name}({given})\n+ {name}({now})\n ...>\n }}\n"
    title = f"{name}() gets all that ->{method.new.name} gets, as before"
    words = (frozenset({name}), frozenset(names))
    yield PortRule(f"{function.id}.{method.id}.all", function.id, title, text, Declarations(), words)


def _counts(step: Retyped, old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether a parameter was a number and is one of another type."""
    return all(_NUMBER.fullmatch(meant(one)) for one in (old[step.old], new[step.new]))


def _came(change: FunctionChanged | MethodChanged | MethodRenamed) -> str:
    """The one parameter that came, if it is a pointer and the only one of its type; "" else."""
    parameters = change.new.parameters if isinstance(change, FunctionChanged) else change.new.prototype.parameters
    came = [parameters[step.new] for step in change.steps if isinstance(step, Added)]
    alone = len(came) == 1 and [meant(one) for one in parameters].count(meant(came[0])) == 1
    return came[0] if alone and _POINTER.fullmatch(without_name(came[0])) else ""


def _rule(
    method: MethodChanged | MethodRenamed, function: FunctionChanged, kind: str, names: Sequence[str]
) -> PortRule:
    name, count = function.old.name, len(function.old.parameters)
    (place,) = (step.new for step in function.steps if isinstance(step, Added))
    given = [f"A{number}" for number in range(count)]
    declared = f"identifier fn = {{{', '.join(names)}}};\nidentifier P;\n"
    declared += "".join(f"expression {one};\n" for one in given)
    now = ", ".join([*given[:place], "P", *given[place:]])
    text = (
        f"@brought_{name}@\n{declared}@@\n fn(..., {kind}P, ...)\n {{\n <...\n"
        f"- {name}({', '.join(given)})\n+ {name}({now})\n ...>\n }}\n"
    )
    title = f"{name}() gets the `{kind}` that ->{method.new.name} brings by now"
    words = (frozenset({name}), frozenset(names))
    return PortRule(f"{function.id}.{method.id}.brought", function.id, title, text, Declarations(), words)
