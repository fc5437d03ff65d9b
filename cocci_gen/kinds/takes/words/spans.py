"""The folder of a file system -> the sorts of state that its functions begin and end by calls whose names make a pair, given the
same: `bed_begin(bed); ... bed_end(bed);`.

Names alone say little: a pair is what several functions use as one, and most of those that begin.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from cocci_gen.code.states.known import ERRNOS
from cocci_gen.code.texts.remarks import blanked
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.shared import shared
from cocci_gen.kinds.pairs import ending
from cocci_gen.kinds.takes.words.behind import name_meant
from cocci_gen.kinds.takes.words.bodies import bodies_in
from cocci_gen.kinds.takes.words.folders import folders_of
from cocci_gen.kinds.takes.words.sorts import State, bare_lock, state_of, states

#: So many functions use a pair as one, and so many in five of those that begin.
_USERS, _OF_FIVE = 4, 4
#: The same of one of which the end alone says so by its name: on 5.10 three such findings were false where four were enough.
_BY_END = 8
#: One in so many who look at the sign of a value says that zero is not all that tells of success; or, at any, that there is one.
_OFTEN = 5
#: A call, and a first argument that is a variable or a place in what one leads to.
_CALL = re.compile(r"\b([A-Za-z_]\w*+)\s*+\(\s*+&?\s*+([a-z_]\w*+(?:(?:->|\.)\w++)*+)\s*+[,)]")
#: A macro that is given nothing.
_BARE = re.compile(r"\b([A-Z][A-Z0-9_]*LOCK)\s*+\(\s*+\)")
#: A call with all its arguments; the name of one that ends something, and of one that begins nothing.
_WHOLE = re.compile(r"\b([a-z_]\w*+)\s*+\(([^();{}]*+)\)")
_ENDS = re.compile(
    r"(?:^|_)(?:release|put|free|end|drop|destroy|cancel|abort|finish|exit|cleanup|leave|stop|unlock|done|undo)(?:_|$)"
)
_BEGINS_NOTHING = re.compile(rf"{_ENDS.pattern}|(?:^|_)(?:commit|clear|un[a-z]+)(?:_|$)")
#: What may stand between the end of a statement and one that is a call alone: a test, a label, `else`; so far at most.
_BEGINS = re.compile(r"(?:(?:else|do|\w+\s*:|(?:if|while|for|switch)\s*\(.*\))\s*)*", re.DOTALL)
_STATEMENT = 400
_DIRECTIVE = re.compile(r"(?m)^[ \t]*#.*$")
_NUMBERS = frozenset({"int", "long", "ssize_t", "s32", "s64"})
#: A value that tells of a failure, and one that tells of success where zero tells of a failure.
_FAILS = re.compile(
    r"\breturn\b[\s(-]*+(?:(?<=-)E[A-Z]|err\b|error\b|ret\b|retval\b|rc\b|status\b|result\b|[a-z_]\w*\s*\()"
)
#: The same of an error number that is handed back as it is, by way of a macro or not.
_FAILS_BY_NUMBER = re.compile(r"\breturn\b[\s(]*+(?:[A-Z_]++\s*+\(\s*+)?(\bE[A-Z]++)\b")
_TRUE = re.compile(r"\breturn\s+(?:1|true)\s*;")

#: What is done with a number: its sign is looked at, or it is handed to what ends what the call began.
_SIGN, _HANDED = "sign", "handed"
#: What the value of a call tells: nothing, that zero is success, that zero is failure; that it is an error pointer or none.
NOTHING, ZERO, NONZERO, POINTER = "taking", "zero", "nonzero", "pointers"


@dataclass(slots=True)
class _Use:
    """The functions that begin by a call, and those of them that end what it began, by what does."""

    begin: set[tuple[str, int]] = field(default_factory=set)
    ends: dict[str, set[tuple[str, int]]] = field(default_factory=dict)

    def pairs(self) -> frozenset[str]:
        """What ends it, where that is used as one with the call."""
        both = set[tuple[str, int]]().union(*self.ends.values())
        used = len(both) >= _USERS and 5 * len(both) >= _OF_FIVE * len(self.begin)
        return frozenset(end for end, places in self.ends.items() if len(places) > 1) if used else frozenset()


def spans_in(root: str, index: KernelIndex) -> Iterator[State]:
    """What the functions of a file system begin and end."""
    read = bodies_in(root, index)
    own, bodies = read.names, {place: body for place, (_, body) in read.functions.items()}
    uses = _uses(bodies, own)
    by_end = _by_end(bodies, own, {name for name, use in uses.items() if use.pairs()})
    for name, use in sorted({**uses, **by_end}.items()):
        ends, users = use.pairs(), sorted(use.begin)
        meant = _meant(name, users, index) if ends else ""
        told = _told(name, meant, ends, [bodies[one] for one in users], index) if ends else ""
        if told:
            every = ends | {f"__{one}" for one in ends} & own
            texts = [blanked(index.text_of(one)).decode("latin-1") for one in index.definitions(meant)]
            numbers = told == ZERO and bool(texts) and all(map(_fails_by_number, texts))
            yield _state(root, name, told, every, f"{name}() on", pinned=name in by_end, numbers=numbers)
    for name, ends in sorted(_bare_pairs(bodies, read.macros).items()):
        yield _state(root, name, NOTHING, ends, name, nests=False, bare=True)


def _uses(bodies: Mapping[tuple[str, int], str], own: Collection[str]) -> dict[str, _Use]:
    """What begins -> who does so, and what he ends it by."""
    known = frozenset[str]().union(*(one.takers | one.release for one in states()))
    uses: dict[str, _Use] = {}
    for place, body in bodies.items():
        calls = dict[tuple[str, str], int]()
        for found in _CALL.finditer(body, body.find("{") + 1):
            calls.setdefault((found[1], found[2]), found.start())
        for (name, given), start in calls.items():
            ends = () if name in known or name not in own else [one for one in _ending(name) if one in own]
            for end, at in ((one, calls.get((one, given), -1)) for one in ends):
                if 0 <= at < start:  # who ends it first only lets others in for a while
                    continue
                use = uses.setdefault(name, _Use())
                use.begin.add(place)
                if at > start:
                    use.ends.setdefault(end, set()).add(place)
    return uses


def _bare_pairs(bodies: Mapping[tuple[str, int], str], macros: Collection[str]) -> Mapping[str, frozenset[str]]:
    """The macros that are given nothing and lock something, with those that unlock it, where so many functions use both."""
    known = {name for name in macros if bare_lock(name)}
    uses: dict[str, _Use] = {}
    for place, body in bodies.items() if known else ():
        names = known.intersection(_BARE.findall(body))
        for name in (one for one in names if bare_lock(one) == one):
            use = uses.setdefault(name, _Use())
            use.begin.add(place)
            for end in (end for end in names if end != name and bare_lock(end) == name):
                use.ends.setdefault(end, set()).add(place)
    return {name: ends for name, use in uses.items() if (ends := use.pairs())}


def _by_end(bodies: Mapping[tuple[str, int], str], own: Collection[str], paired: Collection[str]) -> Mapping[str, _Use]:
    """The same of a call that is no half of a pair by its name, where that of the other one says that it ends something, and few
    use either alone: `budget(c, &req); ... release_budget(c, &req);`.  Both are given all that the end is, and more than the
    object that all are given."""
    known = frozenset[str]().union(*(one.takers | one.release for one in states())) | set(paired)
    using = dict[str, set[tuple[str, int]]]()
    both = dict[tuple[str, str], set[tuple[str, int]]]()
    for place, body in bodies.items():
        every = ((one[1], _given(one[2])) for one in _WHOLE.finditer(body, body.find("{") + 1))
        calls = [one for one in every if one[0] in own and one[0] not in known]
        for name, _ in calls:
            using.setdefault(name, set()).add(place)
        for number, (end, given) in enumerate(calls):
            if _ENDS.search(end) and (len(given) > 1 or given[0].startswith("&")):
                ahead = (name for name, more in reversed(calls[:number]) if more[: len(given)] == given)
                last = next((name for name in ahead if not _BEGINS_NOTHING.search(name)), "")
                if last:
                    both.setdefault((last, end), set()).add(place)
    found = dict[str, _Use]()
    for (name, end), places in sorted(both.items()):
        alone = all(5 * len(places) >= _OF_FIVE * len(using[one]) for one in (name, end))
        if alone and len(places) >= _BY_END and end not in _ending(name):
            found.setdefault(name, _Use(using[name])).ends[end] = places
    return found


def _given(text: str) -> tuple[str, ...]:
    """The arguments of a call in which nothing else is called."""
    return tuple(one.strip() for one in text.split(","))


@cache
def _ending(name: str) -> frozenset[str]:
    """What the names of a pair allow to end what a call begins; macros in capitals make pairs as functions do,
    `BED_LOCK(bed); ... BED_UNLOCK(bed);`.  The same calls are asked about all over a file system."""
    return frozenset(one.upper() for one in ending(name.lower())) if name.isupper() else ending(name)


def _meant(name: str, users: Sequence[tuple[str, int]], index: KernelIndex) -> str:
    """The function that is called by a name; a file that finds the header of a macro through too many others sees none."""
    return next((one for path, _ in users if (one := name_meant(name, path, index)) != name), name)


def _told(name: str, meant: str, ends: Collection[str], users: Sequence[str], index: KernelIndex) -> str:
    """What the value of a call tells that stands for a function, in some texts; "" where nobody can tell that."""
    if any(meant in one.thing.taking for one in states()):
        return NOTHING  # a macro for what takes a lock
    texts = [blanked(index.text_of(one)).decode("latin-1") for one in index.definitions(meant)]
    if not texts and _OFTEN * sum(not _stands_alone(name, text) for text in users) < len(users):
        return NOTHING  # a macro that is more than one call
    found = {told for text in texts if (told := _told_by(text.partition(f"{meant}(")[0], text))}
    if len(found) != 1 or found & {NOTHING, POINTER}:
        return found.pop() if len(found) == 1 else ""
    asked = Counter(_asked(name, ends, text) for text in users)
    if _OFTEN * asked[_SIGN] > len(users):
        return ""
    return NOTHING if asked[_HANDED] > len(users) / 2 else found.pop()


def _stands_alone(name: str, text: str) -> bool:
    """Whether no call of a name in the text of a function has a value that is looked at."""
    shown = _DIRECTIVE.sub("", text)
    for found in re.finditer(rf"(\S)\s*+\b{name}\s*+\(", shown):
        ahead = shown[max(0, found.end(1) - _STATEMENT) : found.end(1)]
        start = max(ahead.rfind(sign) for sign in ";{}") + 1
        begins = _BEGINS.fullmatch(ahead[start:].strip())
        if begins is None:
            return False
    return True


def _asked(name: str, ends: Collection[str], text: str) -> str:
    """What a function does with the number that a call returns."""
    found = re.search(rf"\b(\w+)\s*=\s*{name}\s*\(", text)
    if found and re.search(rf"\b(?:{'|'.join(sorted(ends))})\s*\([^;]*\b{found[1]}\b", text):
        return _SIGN if re.search(rf"\b{found[1]}\s*<\s*0", text) else _HANDED
    what = found[1] if found else rf"{name}\s*\([^;{{}}]*\)"
    return _SIGN if re.search(rf"\b{what}\s*(?:>|<=)\s*0", text) else ""


def _told_by(head: str, text: str) -> str:
    """What the value of one function tells, by its type and what it returns; "" for one that always returns the same."""
    words = head.split()
    if "*" in head:
        return POINTER
    if "bool" in words:
        return NONZERO
    if _NUMBERS.isdisjoint(words):
        return NOTHING
    if _FAILS.search(text) or _fails_by_number(text):
        return ZERO
    return NONZERO if _TRUE.search(text) else ""


def _fails_by_number(text: str) -> bool:
    """Whether a function hands back an error number that is more than zero."""
    return any(one in ERRNOS for one in _FAILS_BY_NUMBER.findall(text))


def _state(root: str, name: str, told: str, ends: Collection[str], word: str, **more: bool) -> State:
    """What is begun by a call and ended by some, in the form of states.toml, under a word; `more` are flags of it: `pinned` where
    who does well may leave it to what it was begun for, as a budget is spent, `numbers` where the call fails by error numbers
    that are more than zero, `bare` where it is given nothing."""
    lists = {one: [name] if one == told else [] for one in (NOTHING, ZERO, NONZERO, POINTER)}
    words = {"words": [word, "held"], "nests": True, "own": False, "unsaid": True, "owned": True}
    return state_of(f"{root} {name}", {**lists, **words, **more, "release": sorted(ends)})


class Sorts:
    """The sorts of states that the functions of a tree take; every answer is remembered."""

    def __init__(self, index: KernelIndex) -> None:
        self._index = index
        self._root_of = folders_of(index).root_of
        self._own = cache(self._of)
        self._at = cache(self._every)

    def at(self, path: str) -> tuple[State, ...]:
        """Those of the functions of a file: those of all, and those that its file system has for itself."""
        return self._at(self._root_of(path))

    def note(self, definition: Definition, every: Collection[State]) -> None:
        """Remember of a function of the tree that who begins and ends what its file system has for itself decides."""
        for name in sorted({name for one in every if one.thing.owned for name in one.takers | one.release}):
            self._index.judged_by(definition, name)
            self._index.reads_callers_in_folder(definition, name)

    def in_folder(self, folder: str) -> tuple[State, ...]:
        """The same of the files of a folder."""
        return self.at(f"{folder}/")

    def _every(self, root: str) -> tuple[State, ...]:
        return (*states(), *self._own(root))

    def _of(self, root: str) -> tuple[State, ...]:
        return tuple(spans_in(root, self._index))


def sorts_of(index: KernelIndex) -> Sorts:
    """The answers of a tree, shared by all who ask."""
    return shared(index, Sorts)
