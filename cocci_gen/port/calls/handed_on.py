"""The code at hand and what changed -> HandedOn, the functions of the code that only hand a retyped parameter on.

`foo_setattr(struct user_namespace *mnt_userns, ...)` gets a new head from its table.  A function of the code itself that takes
the namespace from it and gives it to setattr_prepare() has no table, and must follow all the same: where each of its uses goes
to a parameter with the same change, and each of its callers hands such a parameter in, nothing else can be meant.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cocci_gen.document.declarations import Prototype
from cocci_gen.port.changes.declared import Method
from cocci_gen.port.changes.evolutions import Evolution, FunctionChanged, MethodChanged
from cocci_gen.port.lessons.constants import Pair, constant_text, constants_of, retyped
from cocci_gen.port.lessons.rules import Declarations, PortRule
from cocci_gen.port.methods.body_uses import Leaves, Renames
from cocci_gen.port.methods.head_plans import HeadPlan
from cocci_gen.port.methods.heads import head_rules
from cocci_gen.port.texts.instances import Code, Head, Instance, Written, head_of
from cocci_gen.port.texts.parameters import name_of, steps_between, without_name
from cocci_gen.port.texts.plain_text import words_of
from cocci_gen.port.texts.terms import Term, function_term, subterms, written

_POINTED = re.compile(r"struct (\w+) \*")

_NOT_CALLED = re.compile(rb"\b([A-Za-z_]\w*)\b(?![ \t\n]*\()")

#: A function of the code and the number of a parameter.
Place = tuple[str, int]


@dataclass(frozen=True, slots=True)
class _Call:
    """A call in a function of the code: whose, what is called, with which arguments."""

    caller: str
    callee: str
    arguments: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class _Read:
    """A function of the code with its head and body."""

    function: Written
    head: Head
    body: Term


class _Calls:
    """The functions of some code that have one definition there, and who calls what: those that take one of some structures, and
    those that call one of these."""

    def __init__(self, code: Code, tags: Collection[str]) -> None:
        self.functions: dict[str, _Read] = {}
        self.of: dict[str, list[_Call]] = defaultdict(list)
        self._mentions: Counter[str] = Counter()
        takes = re.compile(rb"\bstruct\s+(?:" + "|".join(sorted(tags)).encode() + rb")\b")
        taking = {name for name, ones in code.functions.items() if any(_takes(one, takes) for one in ones)}
        wanted = frozenset(name.encode() for name in taking)
        for path, text in code.texts.items():
            if not wanted.isdisjoint(words_of(text)):
                for span in code.facts[path].functions:
                    self._read(Written(path, span, text[span.start : span.end]), code, taking, wanted)
                named = (found.decode() for found in _NOT_CALLED.findall(text))
                self._mentions.update(name for name in named if name in taking)

    def _read(self, one: Written, code: Code, taking: Collection[str], wanted: frozenset[bytes]) -> None:
        if one.name not in taking and wanted.isdisjoint(words_of(one.text)):
            return
        head, body = head_of(one), function_term(one.text)
        if body is not None:
            for call in _calls(one.name, body):
                self.of[call.callee].append(call)
        if head is not None and body is not None and len(code.functions[one.name]) == 1:
            self.functions[one.name] = _Read(one, head, body)

    def only_called(self, name: str) -> bool:
        """Whether a function is nowhere named but to call, to declare or to export it."""
        return self._mentions[name] == 0


def _takes(function: Written, structures: re.Pattern[bytes]) -> bool:
    """Whether the head of a function names one of some structures."""
    return structures.search(function.text, 0, function.text.find(b"{")) is not None


def _calls(caller: str, body: Term) -> Iterator[_Call]:
    for part in subterms(body):
        if part[0] == "call_expression" and isinstance(part[1], tuple) and part[1][0] == "identifier":
            given = tuple(one for one in part[2][1:] if isinstance(one, tuple))
            yield _Call(caller, part[1][1], given)


@dataclass(frozen=True, slots=True)
class HandedOn:
    """Rules for functions that hand on what was retyped, and the parameters of methods (function, number) that go nowhere else:
    whatever other bodies did with theirs, these take the successor."""

    rules: tuple[PortRule, ...]
    sure: frozenset[Place]


def handed_on(
    code: Code,
    plans: Iterable[HeadPlan],
    instances: Mapping[tuple[str, str], Sequence[Instance]],
    evolutions: Iterable[Evolution],
    rules: Iterable[PortRule],
) -> HandedOn:
    """The code, the methods that changed with their instances in it, all that changed, and the rules for calls -> rules for the
    heads of functions that hand on what was retyped, and for the constants that their callers give."""
    listed = list(plans)
    changed = [one for one in evolutions if isinstance(one, FunctionChanged)]
    slots = dict(_slots_of_functions(changed))
    methods = dict(_slots_of_methods(listed, instances, Renames))
    open_ = dict(_slots_of_methods(listed, instances, Leaves))
    tags = {before for before, _ in (*slots.values(), *methods.values(), *open_.values())}
    if not tags:
        return HandedOn((), frozenset())
    constants = constants_of(changed, rules)
    calls = _Calls(code, tags)
    names = {pair: plan.names[step.new] for plan in listed for step, pair in retyped(plan.evolution)}
    found = _candidates(calls, set(slots.values()) | set(methods.values()), {*methods, *open_})
    found |= {place: pair for place, pair in open_.items() if place[0] in calls.functions}
    while True:
        kept = {
            place: pair for place, pair in found.items()
            if _uses_follow(place, pair, calls, slots | methods | found)
            and (place in open_ or _callers_follow(place, pair, calls, methods | found, constants))
        }  # fmt: skip
        if kept == found:
            break
        found = kept
    known = {place: pair for place, pair in methods.items() if place[0] in calls.functions} | {
        place: pair for place, pair in found.items() if place in open_
    }
    grounded = {
        place: pair for place, pair in found.items()
        if place not in open_ and _is_grounded(place, calls, slots, methods | open_)
    }  # fmt: skip
    owners = _owners(listed, instances)
    causes = {place: _cause(place[0], calls, slots, owners) for place in grounded}
    causes |= {place: owners[place[0]] for place in known}
    made = [_head_rule(calls, place, pair, names, causes[place]) for place, pair in sorted(grounded.items())]
    made += _constant_rules(grounded | known, calls, constants, causes)
    return HandedOn(tuple(one for one in made if one.text), frozenset(found.keys() & open_.keys()))


def _slots_of_functions(changed: Iterable[FunctionChanged]) -> Iterator[tuple[Place, Pair]]:
    for one in changed:
        for step, pair in retyped(one):
            yield (one.old.name, step.old), pair


def _slots_of_methods(
    plans: Iterable[HeadPlan], instances: Mapping[tuple[str, str], Sequence[Instance]], use: type[Renames | Leaves]
) -> Iterator[tuple[Place, Pair]]:
    """The parameters of the instances that a plan renames in the body, so that what they are handed to must follow, or those of
    which it does not know what becomes of them."""
    for plan in plans:
        for step, pair in retyped(plan.evolution):
            if isinstance(plan.uses.get(step.old), use):
                for one in instances.get((plan.evolution.old.struct, plan.evolution.old.name), ()):
                    yield (one.function.name, step.old), pair


def _candidates(calls: _Calls, pairs: Iterable[Pair], methods: Iterable[Place]) -> dict[Place, Pair]:
    """Every parameter of the code with the old type, those of methods aside."""
    later = defaultdict(set)
    for before, after in pairs:
        later[before].add(after)
    known = set(methods)
    found: dict[Place, Pair] = {}
    for name, one in calls.functions.items():
        for number, parameter in enumerate(one.head.parameters):
            tag = _POINTED.fullmatch(without_name(parameter))
            if tag is None or (name, number) in known or len(later.get(tag.group(1), ())) != 1:
                continue
            found[name, number] = (tag.group(1), next(iter(later[tag.group(1)])))
    return found


def _uses_follow(place: Place, pair: Pair, calls: _Calls, slots: Mapping[Place, Pair]) -> bool:
    """Whether a function hands its parameter to nobody but those whose parameter changes in the same way."""
    name, number = place
    one = calls.functions[name]
    wanted = ("identifier", name_of(one.head.parameters[number]))
    given = sum(
        argument == wanted and slots.get((call.callee, position)) == pair
        for call in _calls(name, one.body)
        for position, argument in enumerate(call.arguments)
    )
    return given == sum(part == wanted for part in subterms(one.body))


def _callers_follow(
    place: Place, pair: Pair, calls: _Calls, slots: Mapping[Place, Pair], constants: Mapping[tuple[Pair, str], str]
) -> bool:
    """Whether every call of a function hands in a parameter that changes in the same way, or a constant that has a successor."""
    name, number = place
    if not calls.only_called(name):
        return False
    for call in calls.of.get(name, ()):
        if number >= len(call.arguments):
            return False
        argument = call.arguments[number]
        caller = calls.functions.get(call.caller)
        known = {name_of(one): at for at, one in enumerate(caller.head.parameters)} if caller is not None else {}
        passed = isinstance(argument, tuple) and argument[0] == "identifier" and argument[1] in known
        if passed and slots.get((call.caller, known[argument[1]])) == pair:
            continue
        if (pair, written(argument)) not in constants:
            return False
    return True


def _is_grounded(place: Place, calls: _Calls, slots: Mapping[Place, Pair], methods: Mapping[Place, Pair]) -> bool:
    """Whether a change of the kernel reaches a function: what it calls changed, or who calls it."""
    name, number = place
    one = calls.functions[name]
    wanted = ("identifier", name_of(one.head.parameters[number]))
    uses = any(
        argument == wanted and (call.callee, position) in slots
        for call in _calls(name, one.body)
        for position, argument in enumerate(call.arguments)
    )
    callers = {call.caller for call in calls.of.get(name, ())}
    return uses or any(caller in callers for caller, _ in methods)


def _owners(plans: Iterable[HeadPlan], instances: Mapping[tuple[str, str], Sequence[Instance]]) -> dict[str, str]:
    """The functions that implement a method -> the evolution of that method."""
    return {
        one.function.name: plan.evolution.id
        for plan in plans
        for one in instances.get((plan.evolution.old.struct, plan.evolution.old.name), ())
    }


def _head_rule(calls: _Calls, place: Place, pair: Pair, names: Mapping[Pair, str], cause: str) -> PortRule:
    """The rule that gives a function its new head, as if it were the only instance of a method."""
    name, number = place
    one = calls.functions[name]
    old = one.head.parameters
    before, after = pair
    fresh = names.get(pair, name_of(old[number]))
    new = (*old[:number], f"struct {after} *{fresh}", *old[number + 1 :])
    change = MethodChanged(_method(name, one, old), _method(name, one, new), steps_between(old, new))
    plan = HeadPlan(change, tuple(name_of(parameter) for parameter in new), {number: Renames(1, 1)}, (), 0)
    instance = Instance("", name, one.function, one.function.path, one.function.span.line, typed=True)
    made, _ = head_rules(plan, [instance])
    title = f"{name}() hands on a `struct {after} *` in place of a `struct {before} *`"
    text = made[0].text if made else ""
    return PortRule(f"{cause}.{name}", cause, title, text, Declarations(), (frozenset({name}),))


def _cause(name: str, calls: _Calls, slots: Mapping[Place, Pair], owners: Mapping[str, str]) -> str:
    """The evolution that a function follows: that of the changed function that it, or what it calls, hands its parameter to,
    else that of the method that calls it."""
    changed = {callee for callee, _ in slots}
    seen, todo = {name}, [name]
    while todo:
        here = todo.pop(0)
        for call in _calls(here, calls.functions[here].body) if here in calls.functions else ():
            if call.callee in changed:
                return f"{call.callee}()"
            if call.callee in calls.functions and call.callee not in seen:
                seen.add(call.callee)
                todo.append(call.callee)
    return next(owners[call.caller] for call in calls.of[name] if call.caller in owners)


def _method(name: str, one: _Read, parameters: tuple[str, ...]) -> Method:
    line = one.function.span.line
    text = f"{one.head.returns} {name}({', '.join(parameters)})"
    return Method("", Prototype(name, one.head.returns, parameters, text, line, line, "", ()), one.function.path)


def _constant_rules(
    found: Mapping[Place, Pair],
    calls: _Calls,
    constants: Mapping[tuple[Pair, str], str],
    causes: Mapping[Place, str],
) -> Iterator[PortRule]:
    """The rules for the constants that are handed to the functions that follow."""
    for (name, number), pair in sorted(found.items()):
        given = {written(call.arguments[number]) for call in calls.of.get(name, ()) if number < len(call.arguments)}
        for old in sorted(one for one in given if (pair, one) in constants):
            new = constants[pair, old]
            text = constant_text(name, number, len(calls.functions[name].head.parameters), old, new)
            title = f"{name}() takes {new} in place of {old}"
            words = tuple(frozenset({word}) for word in (name, *re.findall(r"[A-Za-z_]\w*", old)))
            cause = causes[name, number]
            yield PortRule(f"{cause}.{name}.{number}.{old}", cause, title, text, Declarations(), words)
