"""Functions whose parameters only went or moved -> rules for their calls: the declarations alone tell what is given by now.

`block_write_end(file, mapping, pos, len, copied, folio, fsdata)` becomes `block_write_end(pos, len, copied, folio)`.  What is
dropped must do nothing: an argument that calls or changes something stays for a person, and so does a function of which the
examples of the tree do something else.  A number is dropped where enough of the tree did so, unless a caller computed it, or
gave a constant by its name that nobody dropped.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from cocci_gen.port.calls.constant_arguments import Callers, calls_of, constant_of
from cocci_gen.port.changes.declared import Declared
from cocci_gen.port.changes.descriptions import described
from cocci_gen.port.changes.evolutions import Evolution, FunctionChanged, plain_type
from cocci_gen.port.lessons.effects import guarded
from cocci_gen.port.lessons.generalise import Template
from cocci_gen.port.lessons.rules import Declarations, Ground, Learned, PortRule
from cocci_gen.port.lessons.support import FEWEST_FUNCTIONS, FEWEST_GROUPS
from cocci_gen.port.texts.parameters import Kept, MovedAway, MovedHere, Removed, meant, name_of, without_name
from cocci_gen.port.texts.terms import HOLE

#: So many of the calls of the tree have to agree, where there are any.
_SHARE = 0.8
_POINTED = re.compile(r"(?:const )?struct (\w+) \*")
_POINTER = re.compile(r"(?:const )?(struct \w+ \*)")
#: A header by path -> what it declares.
Headers = Callable[[str], Declared]
#: A template -> what the tree did at the places that it fits.
Counted = Callable[[Template], Learned]


def nothing_declared(path: str) -> Declared:
    """No header is at hand."""
    del path
    return Declared()


def direct_rules(
    evolutions: Iterable[Evolution],
    counted: Counted,
    before: Headers = nothing_declared,
    now: Headers = nothing_declared,
    callers: Callers = lambda name: (),
) -> Iterator[PortRule]:
    """What changed, what the tree did with calls, the headers of both kernels by path, and the functions that call something ->
    one rule for each function of which the declarations tell it."""
    for one in evolutions:
        if isinstance(one, FunctionChanged) and _only_drops(one) and not _moved_in(one, before, now):
            orders = _orders(one)
            ways = [(order, counted(_template(one, order))) for order in orders]
            ways = [way for way in ways if _agreed(one, *way, alone=len(orders) == 1)]
            if len(ways) != 1:
                continue
            ((order, shown),) = ways
            ground: Ground = shown if shown.of else Declarations()
            title = f"{one.old.name}(): {described(one).replace('`', '')}"
            words = (frozenset({one.old.name}),)
            yield PortRule(
                f"{one.id}.direct", one.id, title, _text(one, order, _dropped(one, order, callers)), ground, words
            )


def _agreed(change: FunctionChanged, order: Sequence[int], shown: Learned, *, alone: bool) -> bool:
    """Whether the tree does not contradict a way to call a function, and shows it where another one would fit the types as well
    or a number is dropped."""
    wide = shown.shown >= FEWEST_FUNCTIONS and shown.groups >= FEWEST_GROUPS
    return (not shown.of or shown.share >= _SHARE) and (wide or (alone and _drops_pointers(change, order)))


def _moved_in(change: FunctionChanged, before: Headers, now: Headers) -> bool:
    """Whether a structure that is still given got a member of the type of what is not given any more: whoever calls has to set it
    by now (`wpc->wbc` of iomap_writepages()), and a call that only drops it compiles."""
    old = change.old.parameters
    stays = {step.old for step in change.steps if isinstance(step, Kept | MovedAway)}
    dropped = {plain_type(without_name(old[number])) for number in range(len(old)) if number not in stays}
    pointed = [_POINTED.fullmatch(without_name(old[number])) for number in stays]
    tags = {found[1] for found in pointed if found is not None}
    members = [
        {(tag, name): plain_type(ones[0].type) for (tag, name), ones in headers(path).members.items() if tag in tags}
        for headers, path in ((before, change.old.path), (now, change.new.path))
    ]
    return any(members[1][name] in dropped for name in members[1].keys() - members[0].keys())


def _drops_pointers(change: FunctionChanged, order: Collection[int]) -> bool:
    """Whether only objects are dropped, which a function finds by itself now; what a number said (`true` for "lock it") the
    declaration does not tell."""
    return not _numbers(change, set(range(len(change.old.parameters))) - set(order))


def _numbers(change: FunctionChanged, gone: Iterable[int]) -> frozenset[int]:
    """Those of some parameters that are no pointers."""
    return frozenset(number for number in gone if not without_name(change.old.parameters[number]).endswith("*"))


def _only_drops(change: FunctionChanged) -> bool:
    """Whether each new parameter is an old one."""
    old, new = change.old.parameters, change.new.parameters
    moves = [step for step in change.steps if isinstance(step, Kept | MovedAway)]
    if not all(isinstance(step, Kept | Removed | MovedAway | MovedHere) for step in change.steps):
        return False
    if len(old) == len(new) and not _typed(change):
        return False
    if len(moves) == len(change.steps) or plain_type(change.old.returns) != plain_type(change.new.returns):
        return False
    return not any("..." in one for one in (*old, *new)) and old != ("void",)


def _orders(change: FunctionChanged) -> tuple[tuple[int, ...], ...]:
    """For each new parameter the number of the old one: clear by its name, or as the only one of its type; where one of several
    neighbours of one type went and no name tells which, each of these ways."""
    old, new = change.old.parameters, change.new.parameters
    moves = [step for step in change.steps if isinstance(step, Kept | MovedAway)]
    clear = all(
        (name_of(old[step.old]) and name_of(old[step.old]) == name_of(new[step.new]))
        or all(_only(some, place) for some, place in ((old, step.old), (new, step.new)))
        for step in moves
    )
    if clear:
        return (_given(change),)
    gone = [step.old for step in change.steps if isinstance(step, Removed)]
    if len(gone) != 1 or len(moves) != len(new) or any(map(name_of, (*old, *new))):
        return ()
    first = last = gone[0]
    while first and meant(old[first - 1]) == meant(old[gone[0]]):
        first -= 1
    while last + 1 < len(old) and meant(old[last + 1]) == meant(old[gone[0]]):
        last += 1
    numbers = range(len(old))
    return tuple(tuple(number for number in numbers if number != one) for one in range(first, last + 1))


def _typed(change: FunctionChanged) -> dict[int, str]:
    """The types of the moved parameters that point to structures: what is only moved is moved back if nobody looks at types."""
    moved = [step.old for step in change.steps if isinstance(step, MovedAway)]
    found = {number: _POINTER.fullmatch(without_name(change.old.parameters[number])) for number in moved}
    return {number: match[1] for number, match in found.items() if match is not None}


def _only(parameters: Sequence[str], place: int) -> bool:
    kinds = [meant(one) for one in parameters]
    return kinds.count(kinds[place]) == 1


def _given(change: FunctionChanged) -> tuple[int, ...]:
    """For each new parameter the number of the old one."""
    moves = {step.new: step.old for step in change.steps if isinstance(step, Kept | MovedAway)}
    return tuple(moves[place] for place in sorted(moves))


def _template(change: FunctionChanged, order: Collection[int]) -> Template:
    def call(numbers: Iterable[int]) -> tuple[object, ...]:
        parts: list[object] = []
        for number in numbers:
            parts += [",", (HOLE, number)] if parts else [(HOLE, number)]
        return ("call_expression", ("identifier", change.old.name), ("argument_list", "(", *parts, ")"))

    return Template(call(range(len(change.old.parameters))), call(order), ())


def _dropped(change: FunctionChanged, order: Collection[int], callers: Callers) -> list[tuple[int, str]]:
    """The named constants that callers of several groups gave for a number that is not given any more, and call it so by now."""
    name, count = change.old.name, len(change.old.parameters)
    gone = _numbers(change, set(range(count)) - set(order))
    groups: dict[tuple[int, str], set[str]] = defaultdict(set)
    for function in callers(name) if gone else ():
        if {len(one) for one in calls_of(function.new, name)} == {len(order)}:
            for call in (one for one in calls_of(function.old, name) if len(one) == count):
                for number in gone:
                    if constant_of(call[number]).isidentifier():
                        groups[number, constant_of(call[number])].add(function.pair.group)
    return sorted(key for key, some in groups.items() if len(some) >= FEWEST_GROUPS)


def _text(change: FunctionChanged, order: Sequence[int], dropped: Iterable[tuple[int, str]]) -> str:
    """The SmPL: calls that drop an argument which does something, or a number that says something, are found first and left
    alone, but for the constants that others `dropped`."""
    name, count = change.old.name, len(change.old.parameters)
    given = [f"A{number}" for number in range(count)]
    typed = _typed(change) if len(order) == count else {}
    declared = "".join(f"{typed.get(number, 'expression ')}{one};\n" for number, one in enumerate(given))
    gone = set(range(count)) - set(order)
    guards, where = guarded(name, count, gone, _numbers(change, gone))
    new = ", ".join(given[number] for number in order)
    for number, constant in dropped:
        old = ", ".join(constant if other == number else one for other, one in enumerate(given))
        names = "".join(f"expression {one};\n" for other, one in enumerate(given) if other != number)
        guards = f"@drops_{constant}@\n{names}symbol {constant};\n@@\n- {name}({old})\n+ {name}({new})\n\n{guards}"
    return f"{guards}@direct_{name}@\n{declared}{where}@@\n- {name}@p({', '.join(given)})\n+ {name}({new})\n"
