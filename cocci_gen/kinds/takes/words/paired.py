"""The folder of a file system -> the structures that its functions get and give back by calls whose names make a pair, as things:
`rows = rows_alloc(bed); ... rows_free(rows);`.

Names alone say little: a pair is what several functions use as one, about the same variable, and most of those that get.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.kinds.pairs import partners, undoing, unmaking
from cocci_gen.kinds.takes.words.bodies import bodies_in
from cocci_gen.kinds.takes.words.counted import asks_first
from cocci_gen.kinds.takes.words.things import Thing, own_thing
from cocci_gen.resources import data_tables

#: So many functions use a pair as one, and of those that get so many in five.
_USERS, _OF_FIVE = 2, 3
#: The same of a call whose name does not say what undoes it.
_OTHERS = 4
#: So many functions use one of which the end alone says so by its name.
_BY_END = 4
#: Where so many do, three in four are enough of those that get: there are more ways to end it than one.
_ALL_OVER = 12
#: So many functions use one that puts what it gets where it is told to, and of which no name says so.
_MANY = 8
#: In so many signs a call ends, and what follows it.
_FAR = 500
_SET = re.compile(r"(?<![\w.>])([a-z_]\w*+)\s*+=\s*+([a-z_]\w*+)\s*+\(")
_DECLARED = re.compile(r"\b(?:struct\s+(\w+)|(\w+_t))\s*\*([^;()]*)")
#: Numbers that a function has for itself.
_NUMBERS = re.compile(
    r"\b(?:unsigned|signed|int|long|short|[su](?:8|16|32|64))\b"
    r"((?:\s+(?:int|long))*\s+[a-z_]\w*(?:(?:\s*=\s*\w+)?,\s*[a-z_]\w*)*)\s*[=;]"
)
_WORD = re.compile(r"\w+")
_VOID = re.compile(r"\bvoid\s*\Z")
#: Structures that a function has for itself, and no pointers to such.
_OWN = re.compile(r"\bstruct\s+(\w+)\s+([a-z_]\w*(?:\s*,\s*[a-z_]\w*)*)\s*(?:=[^;]*)?;")
#: A call that says by its name that it ends what it is given the address of.
_ENDS_OWN = re.compile(
    r"\b((?:[a-z_]\w*?)?(?:put|free|release|b?relse|rele|drop|destroy|exit|uninit|fini)\d*(?:_\w+)?)\s*\([^;{}()]*?&(\w+)\s*[,)]"
)
#: A variable whose address a call is given (what a pattern begins with is found at once); the name of a call, ahead of its
#: bracket.
_ADDRESS = re.compile(r"&(?<=[(,\s]&)([a-z_]\w*+)\s*+[,)]")
_NAME = re.compile(r"([a-z_]\w*)\s*\Z")
#: A call that says by its name that it ends what it is given first.
_ENDS = re.compile(r"\b((?:[a-z_]\w*_)?(?:put|free|release|drop|destroy)(?:_\w+)?)\s*\(\s*(\w+)\s*[,)]")
#: One more of what a variable leads to.
_COUNTS = re.compile(
    rf"\b(?:{'|'.join(data_tables('kinds/takes/words/things.toml')['counting']['more'])})\s*\(\s*&\s*(\w+)\s*->"
)
#: Who makes one gives it to nobody else.
_MAKES = re.compile(r"(?<![a-z])alloc(?![a-z])")
#: What is called, by names that are no words of the language.
_CALLED = re.compile(r"\b(?!(?:if|for|while|switch|return|sizeof)\b)([a-z_]\w*)\s*\(")
#: What takes nothing: it sets memory, or makes ready what stands in it.
_SETS = re.compile(r"mem(?:set|cpy|zero\w*)|(?:\w+_)?init(?:_\w+)?|atomic\w*_set|refcount_set|(?:un)?likely|__\w+")
#: So far down a function is asked whether it takes something for what it makes ready.
_DEPTH = 3
#: A call that allocates memory, as what stands alone on the right of an assignment.
_ALLOCATION = r"(?:k[vmz]*alloc|kmem_cache_z?alloc|k[vmz]*alloc_obj)(?:_noprof)?\s*\("


@dataclass(slots=True)
class _Use:
    """The functions that put what a call returns into a variable, and those of them that hand that to what undoes the call."""

    getting: set[tuple[str, int]] = field(default_factory=set)
    both: set[tuple[str, int]] = field(default_factory=set)

    def note(self, got: _Got, end: str) -> None:
        """Count what a function gets, and whether it gives it back."""
        self.getting.add(got.place)
        if got.is_given(end):
            self.both.add(got.place)

    def is_pair(self, of_five: int) -> bool:
        """Whether they are used as one, by so many in five of those that get."""
        return len(self.both) >= _USERS and 5 * len(self.both) >= of_five * len(self.getting)


@dataclass(frozen=True, slots=True)
class _Got:
    """A variable that a function sets to what a call returns, or whose address it hands to one: where the function stands, its
    text, the variable, its structure, and the call; `at` is the number of the argument, -1 for none.  A number has the name of
    the call in the place of a structure; `by_value` tells that the variable is the structure, and no pointer."""

    place: tuple[str, int]
    body: str
    name: str
    structure: str
    getter: str
    at: int = -1
    by_value: bool = False

    def is_given(self, callee: str) -> bool:
        """Whether the function hands the variable to a call, and then looks at it no more."""
        before = r"\w.>" if self.at < 0 else r"\w.>&"  # the address of what was got by it may be for another one
        mark = "&" if self.by_value else ""
        given = rf"\b{callee}\s*\([^;{{}}]{{0,{_FAR}}}?(?<![{before}]){mark}{self.name}\s*[,)]"
        if callee not in self.body or self._is_counted(callee):
            return False
        every = re.finditer(
            rf"{given}[^;]*;(?P<behind>(?:(?!return\b)[^}}]){{0,{_FAR}}}(?:return\b[^;]*;)?)", self.body
        )
        return any(re.search(rf"\b{self.name}\b(?! = )", one["behind"]) is None for one in every)

    def _is_counted(self, end: str) -> bool:
        """Whether the function takes what the variable leads to once more itself: it has that to give back, and nothing of the
        call."""
        if self.name in _COUNTS.findall(self.body):
            return True
        given = set(re.findall(rf"\b([a-z_]\w*+)\s*+\(\s*+{self.name}\s*+\)", self.body)) - {self.getter}
        return any(end in _undoing(one) for one in given)


def paired_in(root: str, index: KernelIndex, ended: Mapping[str, Collection[str]]) -> Iterator[Thing]:
    """What the functions of a file system get and give back; of some structures it is known what gives them back."""
    bodies = bodies_in(root, index)
    every = [got for place, (_, body) in bodies.functions.items() for got in _got(place, body)]
    own = {**dict.fromkeys(bodies.macros, ""), **dict(bodies.functions.values())}
    for structure, getters, ends in _pairs(every, own, ended):
        yield _thing(root, structure, getters, {name: asks_first(own.get(name, "")) for name in ends}, own)
    values = [got for place, (_, body) in bodies.functions.items() for got in _begun(place, body, own)]
    ready = [got for place, (_, body) in bodies.functions.items() for got in _made_ready(place, body, own)]
    steady = [key for key, use in _unmade(ready).items() if _is_sure(use)]
    for structure, getters, ends in _pairs(values, own, {}, steady):
        found = _thing(root, structure, getters, {name: asks_first(own.get(name, "")) for name in ends}, own)
        yield replace(found, name=f"{found.name} itself", by_value=True)


def _got(place: tuple[str, int], body: str) -> Iterator[_Got]:
    """The pointers to structures, and the numbers, that a function sets to what calls return."""
    sets = {(name, getter, -1) for name, getter in _SET.findall(body)}
    handed = list(_ADDRESS.finditer(body, body.find("{") + 1))
    if not sets and not handed:
        return
    types = {word: one[0] or one[1] for one in _DECLARED.findall(body) for word in _WORD.findall(one[2])}
    given = ((one[1], _argument(body, one.start())) for one in handed if one[1] in types)
    sets |= {(name, *place) for name, place in given if place}
    numbers = {word for one in _NUMBERS.findall(body) for word in _WORD.findall(one)}
    for name, getter, at in sorted(sets):
        if name in types:
            yield _Got(place, body, name, types[name], getter, at)
        elif name in numbers and at < 0:
            yield _Got(place, body, name, getter, getter)


def _begun(place: tuple[str, int], body: str, own: Mapping[str, str]) -> Iterator[_Got]:
    """The structures that a function has for itself, each with the call of the file system that is given its address first, and
    may fail: what only sets its members takes nothing, be it that it hands back what it was given."""
    return _first_given(place, body, own, lambda name: not _is_void(own[name], name))


def _made_ready(place: tuple[str, int], body: str, own: Mapping[str, str]) -> Iterator[_Got]:
    """The structures that a function has for itself, each with the call of the file system that by its name makes it ready,
    cannot fail, and does more than to set its members."""
    return _first_given(
        place, body, own, lambda name: bool(unmaking(name)) and _is_void(own[name], name) and _takes(name, own, _DEPTH)
    )


def _takes(name: str, own: Mapping[str, str], depth: int) -> bool:
    """Whether a function that returns nothing calls what may take something for the structure that it makes ready."""
    text = own.get(name, "")
    if not text:
        return _SETS.fullmatch(name) is None
    if not _is_void(text, name):
        return True
    called = set(_CALLED.findall(text, text.find("{") + 1)) - {name}
    return depth > 0 and any(_takes(one, own, depth - 1) for one in sorted(called))


def _first_given(
    place: tuple[str, int], body: str, own: Mapping[str, str], begins: Callable[[str], bool]
) -> Iterator[_Got]:
    """The structures that a function has for itself, each with the first call of the file system of a sort that is given its
    address, and does not hand that back."""
    types = {word: one[0] for one in _OWN.findall(body) for word in _WORD.findall(one[1])}
    seen = set[str]()
    for one in _ADDRESS.finditer(body, body.find("{") + 1) if types else ():
        found = _argument(body, one.start()) if one[1] in types and one[1] not in seen else None
        text = own.get(found[0], "") if found else ""
        if found and text and begins(found[0]) and types[one[1]] not in text.partition(f"{found[0]}(")[0]:
            seen.add(one[1])
            yield _Got(place, body, one[1], types[one[1]], *found, by_value=True)


def _is_void(text: str, name: str) -> bool:
    """Whether a function returns nothing: what ends something cannot fail, and what begins it may."""
    return _VOID.search(text.partition(f"{name}(")[0]) is not None


def _argument(body: str, at: int) -> tuple[str, int] | None:
    """The call that has an argument at a place of a text, and the number of that; None where no call has."""
    depth, number, start = 0, 0, max(0, at - _FAR)
    for place in range(at - 1, start, -1):
        sign = body[place]
        if sign in ";{}" or (sign == "(" and depth == 0):
            name = _NAME.search(body, start, place) if sign == "(" else None
            return (name[1], number) if name else None
        depth += (sign == ")") - (sign == "(")
        number += sign == "," and depth == 0
    return None


def _pairs(
    every: Sequence[_Got],
    own: Mapping[str, str],
    ended: Mapping[str, Collection[str]],
    more: Iterable[tuple[str, str, int, str]] = (),
) -> Iterator[tuple[str, Mapping[str, int], Collection[str]]]:
    """Structures, with the calls that get one, each with the argument by which it does, and those that give it back: by their
    names, by that of the end alone, where it is known what gives it back, and `more` that are known for pairs."""
    by_names = _named(every, own).items()
    sure = [key for key, use in by_names if (_is_sure(use) if key[0] == key[1] else use.is_pair(_OF_FIVE))]
    known = ended.keys() | {structure for structure, *_ in sure}
    by_end = _ended_by_name(every, own, known).items()
    sure += [
        key for key, use in by_end if _is_sure(use) and (key[2] >= 0 or not _exchanges(own.get(key[1], ""), key[0]))
    ]
    found: dict[str, tuple[dict[str, int], set[str]]] = {}
    for structure, getter, at, end in (*sure, *more):
        getters, ends = found.setdefault(structure, ({}, set()))
        getters[getter] = at
        ends.add(end)
    got_of: dict[str, list[_Got]] = {}
    for one in every:
        got_of.setdefault(one.structure, []).append(one)
    for structure, (getters, ends) in sorted(found.items()):
        if not ends.issubset(ended.get(structure, ())):
            yield structure, getters | _others(ends, got_of.get(structure, ()), own), ends
    for structure, counting in sorted(ended.items()):
        getters, ends = found.get(structure, ({}, set()))
        named = getters if ends.issubset(counting) else {}
        if got := named | _others(counting, got_of.get(structure, ()), own):
            yield structure, got, counting


def _is_sure(use: _Use) -> bool:
    """Whether so many use a pair as one that little need be known besides: of a number, or of what only the end says."""
    many = len(use.both) >= _ALL_OVER and 4 * len(use.both) >= 3 * len(use.getting)
    return many or (len(use.both) >= _BY_END and use.is_pair(_OTHERS))


def _exchanges(text: str, structure: str) -> bool:
    """Whether a function is given a place where one stands: it may hand that one back, or another for it."""
    return re.search(rf"\b{structure}\s*\*\s*\*", text.partition("{")[0]) is not None


def _others(ends: Collection[str], every: Sequence[_Got], own: Collection[str]) -> dict[str, int]:
    """The calls of the file system whose names say nothing, and that get what some calls give back, as most do that call them.
    By its address a variable may be put in another's place: there many have to."""
    uses: dict[tuple[str, int], _Use] = {}
    for one in every:
        for end in ends if one.getter in own else ():
            uses.setdefault((one.getter, one.at), _Use()).note(one, end)
    return {
        getter: at
        for (getter, at), use in uses.items()
        if use.is_pair(_OTHERS) and (at < 0 or partners(getter) or len(use.both) >= _MANY)
    }


def _named(every: Sequence[_Got], own: Mapping[str, str]) -> dict[tuple[str, str, int, str], _Use]:
    """What is got by a call, and given to one whose name makes a pair with that."""
    uses: dict[tuple[str, str, int, str], _Use] = {}
    for one in every:
        for end in _undoing(one.getter):
            if (one.getter in own or end in own) and (not one.by_value or _is_void(own.get(end, ""), end)):
                uses.setdefault((one.structure, one.getter, one.at, end), _Use()).note(one, end)
    return uses


def _unmade(every: Sequence[_Got]) -> dict[tuple[str, str, int, str], _Use]:
    """What is made ready by a call, and given to one whose name makes a pair with that."""
    uses: dict[tuple[str, str, int, str], _Use] = {}
    for one in every:
        for end in unmaking(one.getter):
            uses.setdefault((one.structure, one.getter, one.at, end), _Use()).note(one, end)
    return uses


def _ended_by_name(
    every: Sequence[_Got], own: Mapping[str, str], known: Collection[str]
) -> dict[tuple[str, str, int, str], _Use]:
    """What is got by a call of the file system that is no half of a pair by its name, and given to one that says by its own that
    it ends something; not of the structures of which more is known."""
    asked = [one for one in every if one.getter in own and one.structure not in known]
    ends = {(one.place, one.by_value): (_ENDS_OWN if one.by_value else _ENDS).findall(one.body) for one in asked}
    uses: dict[tuple[str, str, int], dict[str, _Use]] = {}
    for one in asked:
        found = uses.setdefault((one.structure, one.getter, one.at), {})
        found |= {
            end: found.get(end, _Use())
            for end, given in ends[one.place, one.by_value]
            if given == one.name and (not one.by_value or _is_void(own.get(end, ""), end))
        }
    for one in asked:
        for end, use in uses[one.structure, one.getter, one.at].items():
            use.note(one, end)
    return {(*got, end): use for got, found in uses.items() for end, use in sorted(found.items())}


#: The same getters are asked about all over a file system.
_undoing = cache(undoing)


def _thing(
    root: str, structure: str, getters: Mapping[str, int], ends: Mapping[str, bool], own: Mapping[str, str]
) -> Thing:
    """What is got and given back, in the form of things.toml; `ends` tell whether they ask first whether there is anything, and
    `own` holds the texts of the functions of the file system."""
    allocating = frozenset(name for name, at in getters.items() if at < 0 and _allocates(own.get(name, "")))
    found = own_thing(
        f"{root} {structure}",
        structure,
        release=sorted(ends),
        returning=sorted(name for name, at in getters.items() if at < 0),
        filling={name: at for name, at in sorted(getters.items()) if at >= 0},
        lent=True,
        fresh=sorted(name for name in getters if name in allocating or _MAKES.search(name)),
        null=sorted(name for name, asks in ends.items() if asks),
    )
    found = replace(found, allocating=allocating)
    return replace(found, word="number", number=True, unsaid=True) if structure in getters else found


def _allocates(text: str) -> bool:
    """Whether a function returns what it allocates, be it as it stands."""
    if re.search(rf"\breturn\s+{_ALLOCATION}", text):
        return True
    return any(
        re.search(rf"\breturn {one[1]};", text) for one in re.finditer(rf"(?<![\w.>])(\w+) = {_ALLOCATION}", text)
    )
