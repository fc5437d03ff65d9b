"""states.toml -> State, a sort of state that functions take of something that goes on to be somebody else's."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.code.searches.machines import ERROR, POINTER, Event, Exit, Machine, Outcome, Result
from cocci_gen.code.states.known import NEGATIVE, POSITIVE, ZERO, Facts
from cocci_gen.facts.calls.page_calls import call_vocabulary
from cocci_gen.kinds.pairs import partners
from cocci_gen.kinds.takes.words.texts import called_names
from cocci_gen.kinds.takes.words.things import Thing, things
from cocci_gen.own_words import with_own_words
from cocci_gen.resources import data_tables

_LEAVES = re.compile(rb"\breturn\b")
#: Leaves a loop, or what is left of its round, with what was taken in it.
_GOES_ROUND = re.compile(rb"\b(?:continue|break)\b")
_FIRST = re.compile(rb"([^,;)]*)")
#: A call that stands alone or gives a value: a helper's, which may sleep.
_HELPER = re.compile(rb"[;{}=)]\s*[a-z_]\w*\(")
_SCOPES = frozenset({"guard", "scoped_guard"})
_GUARDED = re.compile(rb"(?:\)|\belse)\s*$")
_GOES = re.compile(rb"\bgoto (\w+)")
#: The last argument, however many there are.
_LAST = -1
_BARE_LOCK = re.compile(r"([A-Z0-9_]*?)(?:UN)?LOCK")
#: How a lock is taken, which is the same to who releases it.
_VARIANT = re.compile(r"_(?:nested|killable|interruptible)(?=_|$)|_?try(?=lock)|_trylock$")


@dataclass(frozen=True, slots=True)
class State:
    """One sort of state, with the fields of states.toml; `thing` is what a Holding of it tells."""

    thing: Thing
    zero: frozenset[str]
    nonzero: frozenset[str]
    release: frozenset[str]
    nests: bool
    own: bool
    #: The lock of which it is one way to have it.
    lock: str
    shared: frozenset[str]
    #: A release in a text, and what it is given; the same of what takes it.
    given: re.Pattern[str]
    took: re.Pattern[str]
    taken: re.Pattern[bytes]
    released: re.Pattern[bytes]
    #: What the name of each function that takes it contains: a text without them needs no look at its words; and of each that
    #: releases it.
    stems: tuple[bytes, ...]
    ends: tuple[bytes, ...]
    found: re.Pattern[str] | None = None
    undone: frozenset[str] = frozenset()
    #: The functions that take it where they return a pointer that is no error.
    pointers: frozenset[str] = frozenset()
    #: Whether those that return zero where they take it fail by error numbers that are more than zero.
    numbers: bool = False
    #: The thing whose lock it is, which I/O may end that somebody starts who is given that; "" for none.
    of: str = ""
    #: What the names of calls have in them that may end it, whatever they are given.
    ended: re.Pattern[str] | None = None
    #: An attempt to take it, and a jump right behind that.
    tried: re.Pattern[bytes] | None = None
    #: Whether macros take it and give it back that are given nothing.
    bare: bool = False

    @property
    def takers(self) -> frozenset[str]:
        """The functions that take it, or try to."""
        return self.thing.taking | self.zero | self.nonzero | self.pointers

    @property
    def of_all(self) -> bool:
        """Whether it is one for all: who gives it back does not say whose."""
        return self.bare or self.takers <= _all().keys()

    def takes(self, call: Call) -> bool:
        """Whether a call may take it."""
        return call.callee in self.takers and bool(call.arguments or self.of_all)

    def may_be_ended_by(self, call: Call, names: Collection[str]) -> bool:
        """Whether a call that is given what is locked, or says so by its name, may start I/O which ends that."""
        if self.ended is not None and self.ended.search(call.callee):
            return call.callee not in self.takers
        if not self.of or set(names).isdisjoint(call.arguments):
            return False
        thing = things()[self.of]
        known, counting = thing.vocabulary, thing.taking | thing.same
        return not known.is_neutral(call.callee) and call.callee not in known.marks and call.callee not in counting

    def found_of(self, test: str) -> str:
        """Of which variable a test that comes out true finds it to be taken; "" for any other test."""
        found = self.found.fullmatch(test.strip("()")) if self.found else None
        return next(filter(None, found.groups()), "") if found else ""

    def lets_readers_in(self, callee: str) -> bool:
        """Whether who holds it by a call may have others beside him who only read; a helper takes it as its sort is taken."""
        return bool(self.shared) and (callee in self.shared or callee not in self.takers)

    def in_text(self, text: bytes) -> bool:
        """Whether the text of a function may keep it: a way leads out between the first taking and the last release, past that or
        back to the taking; or something is taken more often than it is released, or never released; or a scope has it."""
        names = called_names(text)
        if self.found and self.found.search(text.decode("utf-8", "replace")):
            return True
        if not names.isdisjoint(_SCOPES):  # what it takes stands where the scope is defined
            return True
        if names.isdisjoint(self.takers):
            return False
        if names.isdisjoint(self.release):
            return True
        first = self.taken.search(text)
        if self.tried is not None and not names.isdisjoint(self.zero | self.nonzero) and self.tried.search(text):
            return True  # a jump may lead to a release from where it was not taken
        ends = [found.start() for found in self.released.finditer(text)] if first else []
        if first is None or not ends or ends[-1] < first.start():
            return False
        between, behind = text[first.start() : ends[-1]], text[ends[-1] :]
        if (
            _LEAVES.search(between)
            or _GOES_ROUND.search(between)
            or len(_LEAVES.findall(behind)) > 1
            or _GUARDED.search(between)
        ):
            return True
        takes, ends_it = _given(self.taken, text), _given(self.released, text)
        if takes - ends_it or any(takes[of] and times > takes[of] for of, times in ends_it.items()):
            return True
        if between.count(b"{") > between.count(b"}"):  # the last release stands in a block behind the taking
            return True
        if self.own and (_sleeping().search(between) or _HELPER.search(between)):
            return True
        around = text[: first.start()] + b"\n" + behind
        return any(re.search(rb"(?m)^[ \t]*" + label + rb"[ \t]*:", around) for label in _GOES.findall(between))

    def is_named_in(self, text: bytes) -> bool:
        """Whether a text may call a function that takes it."""
        return any(stem in text for stem in self.stems)

    def ends_first(self, text: bytes) -> bool:
        """Whether a text gives back before it takes anything: what it has from others."""
        ended = self.released.search(text) if self.ends_in(text) else None
        taken = self.taken.search(text) if ended is not None else None
        return ended is not None and (taken is None or ended.start() < taken.start())

    def ends_in(self, text: bytes) -> bool:
        """Whether a text may call a function that releases it."""
        return any(stem in text for stem in self.ends)

    def leaves_twice(self, text: bytes) -> bool:
        """Whether the text of a function has more than one return behind a taking: it may come back with it, and without."""
        first = self.taken.search(text)
        return first is not None and len(_LEAVES.findall(text[first.end() :])) > 1

    def only_takes(self, text: bytes) -> bool:
        """Whether the text of a function takes it of something that it does not release."""
        return bool(_given(self.taken, text) - _given(self.released, text)) and called_names(text).isdisjoint(
            self.release
        )


@cache
def _sleeping() -> re.Pattern[bytes]:
    """What a text has in it that may sleep."""
    words: list[str] = data_tables("kinds/takes/words/states.toml")["sleeping"]["words"]
    return re.compile(rf"\b(?:{'|'.join(words)})".encode())


@with_own_words
def states() -> tuple[State, ...]:
    """The sorts of states, as they ship with the package."""
    return tuple(state_of(name, entry) for name, entry in data_tables("kinds/takes/words/states.toml")["state"].items())


def state_of(name: str, entry: Mapping[str, Any]) -> State:
    """The sort that an entry of states.toml, or one of the same form, describes."""
    word, kept = entry["words"]
    taking, zero, nonzero, release = (frozenset(entry[key]) for key in ("taking", "zero", "nonzero", "release"))
    pointers = frozenset(entry.get("pointers", ()))
    none = frozenset[str]()
    vocabulary = replace(call_vocabulary(), marks={one: frozenset({"release"}) for one in release})
    more = frozenset(entry.get("more", ()))
    thing = Thing(name, word, kept, none, none, none, none, taking, none, {}, none, vocabulary, consumes=more)
    flags = {flag: entry.get(flag, False) for flag in ("owned", "unsaid", "pinned")}
    thing = replace(thing, **flags)
    takers = taking | zero | nonzero | pointers
    return State(
        thing=thing,
        zero=zero,
        nonzero=nonzero,
        release=release,
        nests=entry["nests"],
        own=entry["own"],
        lock=entry.get("lock", name),
        shared=frozenset(entry.get("shared", ())),
        given=_first_of(release),
        took=_first_of(takers),
        taken=_called(takers),
        released=_called(release),
        stems=_stems(takers),
        ends=_stems(release),
        found=re.compile(entry["found"]) if "found" in entry else None,
        undone=frozenset(entry.get("undone", ())),
        pointers=pointers,
        numbers=entry.get("numbers", False),
        of=entry.get("of", ""),
        ended=re.compile(entry["ended"]) if "ended" in entry else None,
        tried=_jumping(zero | nonzero),
        bare=entry.get("bare", False),
    )


def _stems(names: Collection[str]) -> tuple[bytes, ...]:
    """Those of some names that contain no other: `mutex_lock` stands for `mutex_lock_nested`."""
    return tuple(one.encode() for one in sorted(names) if not any(other != one and other in one for other in names))


def _called(names: Iterable[str]) -> re.Pattern[bytes]:
    """What a text has that calls one of the functions, up to what is taken."""
    return re.compile(_up_to(names, r"[^,;]*").encode())


def _jumping(names: Collection[str]) -> re.Pattern[bytes] | None:
    """A call of one of some functions that may fail, and the jump that follows its test; None for no functions."""
    far = r"[^;{}]*(?:;\s*if\b[^;{}]*)?\{?(?:[^;{}]*;){0,2}?\s*goto\b"
    return re.compile(rf"\b(?:{'|'.join(sorted(names))}) ?\({far}".encode()) if names else None


def _up_to(names: Iterable[str], argument: str) -> str:
    """A pattern for the calls of some functions, up to the argument that they take."""
    ahead: dict[int, list[str]] = {}
    for one in sorted(set(names)):
        ahead.setdefault(_ahead(one), []).append(one)
    past = {number: rf"(?:{argument},\s*){{{number}}}" for number in ahead} | {0: "", _LAST: r"(?:[^;]*,\s*)?"}
    ways = [rf"\b(?:{'|'.join(every)}) ?\({past[number]}" for number, every in sorted(ahead.items())]
    return f"(?:{'|'.join(ways)})"


def _ahead(name: str) -> int:
    """How many arguments of a function stand ahead of the one that it takes, or _LAST."""
    return 1 if name in _second() else _later().get(name, 0)


@cache
def _later() -> Mapping[str, int]:
    """The functions that take another argument than their first."""
    numbers: dict[str, int] = data_tables("kinds/takes/words/states.toml")["later"]
    return numbers


@cache
def _second() -> Mapping[str, str]:
    """The functions that take their second argument, each with what gives it back."""
    names: dict[str, str] = data_tables("kinds/takes/words/states.toml")["second"]
    return names


def _first_of(names: Iterable[str]) -> re.Pattern[str]:
    """What the calls of some functions take, in a text."""
    nested = r"(?:[^,;()]|\((?:[^;()]|\((?:[^;()]|\([^;()]*\))*\))*\))*"
    return re.compile(rf"{_up_to(names, nested)}({nested})[,)]")


def _given(pattern: re.Pattern[bytes], text: bytes) -> Counter[bytes]:
    """What the calls of a pattern are given in a text, with how often."""
    every = (_FIRST.match(text, found.end()) for found in pattern.finditer(text))
    return Counter(b"".join(one[1].split()) for one in every if one)


def what_of(call: Call) -> str:
    """What a call takes or releases the state of."""
    if not call.arguments:
        return _all().get(call.callee, "") or bare_lock(call.callee)
    given = "".join(_given_to(call)[:1]).removeprefix("&")
    return f"{given}.{_parts()[call.callee]}" if call.callee in _parts() else given


def bare_lock(callee: str) -> str:
    """What a macro that is given nothing says by its name to lock or unlock: `BED_LOCK` for `BED_UNLOCK`; "" for any other."""
    found = _BARE_LOCK.fullmatch(callee)
    return f"{found[1]}LOCK" if found else ""


@cache
def _all() -> Mapping[str, str]:
    """The functions that take or give back what is one for all, with its name."""
    names: dict[str, str] = data_tables("kinds/takes/words/states.toml")["all"]
    return names


@cache
def _parts() -> Mapping[str, str]:
    parts: dict[str, str] = data_tables("kinds/takes/words/states.toml")["parts"]
    return parts


def _given_to(call: Call) -> tuple[str, ...]:
    """The arguments of a call from the one on that it takes or releases."""
    return call.arguments[_ahead(call.callee) :]


def member_of(expression: str) -> str:
    """The member that an expression ends in, "" for a variable."""
    found = re.search(r"(?:->|\.) ?(\w+)\W*$", expression)
    return found[1] if found else ""


def giving_back(call: Call) -> str:
    """The call that gives back what a call takes, `up_read(&box->lock)` for `down_read_killable(&box->lock)`; "" for a call that
    takes nothing, or where its name does not tell which of several that is."""
    every = (_second()[call.callee],) if call.callee in _second() else ()
    names = {*every} or {one for state in states() if state.takes(call) for one in _named_like(state, call.callee)}
    if len(names) != 1:
        return ""
    name = names.pop()
    given = _given_to(call) if name.endswith("irqrestore") else _given_to(call)[:1]
    return f"{name}({', '.join(given)})"


def _named_like(state: State, taker: str) -> set[str]:
    """The functions that release the state and do no more, of several the one whose name makes a pair with that of the taker."""
    plain = state.thing.releases
    if len(plain) == 1:
        return set(plain)
    name = _VARIANT.sub("", taker)
    for word, end in _ends().items():
        name = name.replace(word, end)
    return {name, *partners(name)} & plain


@cache
def _ends() -> Mapping[str, str]:
    ends: dict[str, str] = data_tables("kinds/takes/words/states.toml")["ends"]
    return ends


def converts(call: Call) -> bool:
    """Whether what takes one hold of a lock gives back another, `downgrade_write()`: its caller had the lock before."""
    return unlocks(call)


def unlocks(call: Call) -> bool:
    """Whether a call gives back a lock of any sort."""
    return any(call.callee in one.release for one in states())


def taken_by(number: int, call: Call, state: State, machine: Machine, *, ignored: bool = False) -> Event:
    """A step that takes it, or where it is an attempt tells by its result; who has `ignored` that knows that it does not fail."""
    taken, failed = Result(), tuple[Result, ...]()
    if ignored:
        pass
    elif call.callee in state.zero:
        taken, failed = Result(ZERO), (Result(POSITIVE if state.numbers else NEGATIVE),)
    elif call.callee in state.nonzero:
        taken, failed = Result(POSITIVE), (Result(ZERO),)
    elif call.callee in state.pointers:
        taken, failed = Result(NEGATIVE | POSITIVE, "", POINTER), (Result(NEGATIVE | POSITIVE, "", ERROR),)

    owner, member, _ = what_of(call).partition("->")
    if state.thing.kept == "referenced" and member:  # what it was read from is there
        taken = replace(taken, given=((owner, NEGATIVE | POSITIVE, ""),))

    only_one = call.callee in state.nonzero and not state.nests and not state.lets_readers_in(call.callee)

    def outcome(before: str, _facts: Facts) -> Outcome:
        if only_one and machine.says(before, "take"):  # nobody gets by an attempt what he has
            return Outcome(tuple(Exit(before, one) for one in failed))
        exits = (Exit(machine.after(before, ("take",)), taken), *(Exit(before, one) for one in failed))
        says = machine.says(before, "take") if call.callee not in state.nonzero and not state.nests else ""
        return Outcome(exits, ((says, f"{call.callee}()"),) if says else ())

    return Event(number, call.line, call, f"{call.callee}()", outcome)


def agreeing(graph: Graph) -> frozenset[str]:
    """The tests that are made more than once of what the function does not set in between, nor asks anew each time that it has
    taken a lock of the same object, or goes round in a loop: there others may have set it meanwhile."""
    changed = {a.left for a in graph.assignments() if not a.declares}
    tests = Counter(
        node.text.replace(" != ", " == ")  # the search knows one by the other
        for node in graph.nodes
        if node.kind == "condition"
        and all(call.callee.isupper() for call in node.calls)  # `BOX_I(inode)->flags & BOX_BUSY`
    )
    asked = {text for text, times in tests.items() if times > 1}
    asked -= _asked_anew(graph) | _goes_round(graph, asked) if asked else set()
    return frozenset(
        text for text in asked if not any(re.search(rf"\b{re.escape(place)}\b", text) for place in changed)
    )


def _goes_round(graph: Graph, tests: Collection[str]) -> set[str]:
    """Those of some tests that decide whether a loop goes round once more: with one outcome it would never end."""
    found = set()
    for number, node in enumerate(graph.nodes):
        text = node.text.replace(" != ", " == ") if node.kind == "condition" else ""
        if text not in tests:
            continue
        nexts = [after for after, _ in node.successors]
        if any(number in graph.behind((one,), set(nexts) - {one}) for one in nexts):
            found.add(text)
    return found


def _asked_anew(graph: Graph) -> set[str]:
    """The tests that stand right behind two takings of a lock of the object that they look into, `lock(&b->lock); if (b->on)`;
    or behind one, where what was asked ahead of it would leave them but one outcome."""
    taking = frozenset[str]().union(*(state.thing.taking | state.zero | state.nonzero for state in states()))
    found: dict[str, set[int]] = {}
    for number, node in enumerate(graph.nodes):
        for call in node.calls:
            base = what_of(call).partition("->")
            if base[1] and call.callee in taking:
                *_, last = graph.straight(number)
                if graph.nodes[last].kind == "condition" and f"{base[0]}->" in graph.nodes[last].text:
                    found.setdefault(graph.nodes[last].text.replace(" != ", " == "), set()).add(last)
    return {text for text, places in found.items() if len(places) > 1 or _has_one_outcome(graph, min(places), text)}


def _has_one_outcome(graph: Graph, test: int, text: str) -> bool:
    """Whether a test would always come out the same if it agreed with those of its text that ways to it pass: then nobody would
    ask."""
    plain = ((number, node) for number, node in enumerate(graph.nodes) if node.kind == "condition" and number != test)
    others = {n: node.text != text for n, node in plain if node.text.replace(" != ", " == ") == text}

    def comes(*, truth: bool) -> bool:
        todo, seen = [0], {0}
        while todo:
            number = todo.pop()
            wanted = {True: "true", False: "false"}[truth != others[number]] if number in others else ""
            for after, label in graph.nodes[number].successors:
                if after not in seen and label in (wanted or label, ""):
                    seen.add(after)
                    todo.append(after)
        return test in seen

    return bool(others) and comes(truth=True) != comes(truth=False)
