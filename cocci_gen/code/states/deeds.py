"""A Node -> Deed, what it does to what is known on a way, and what its branches tell; read once for all ways that come to it.

spatch follows control flow but not values: `if (bio) submit(bio); ... if (!bio) unlock` looks to it as if neither might happen.
It forgets rather than guesses: what cannot be refuted stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import lru_cache

from cocci_gen.code.graphs.control_flow import Assignment, Call, Graph, Node
from cocci_gen.code.graphs.recent import Recent
from cocci_gen.code.graphs.warned import gives_no_error
from cocci_gen.code.states.known import (
    ANY,
    BEHIND,
    CONSTANT,
    IDENTIFIER,
    IS_PLACE,
    NEGATIVE,
    PLACE,
    POSITIVE,
    REST,
    THROUGHOUT,
    ZERO,
    Known,
    are_same,
    as_number,
    compare,
    error_of,
    identifiers,
    narrow,
    same,
    told_error,
    told_of,
    value_of,
)
from cocci_gen.code.states.zeroed import begun, behind_set

_COMPARISON = re.compile(rf"^({PLACE}|{BEHIND}) ?(==|!=|<=|>=|<|>) ?(-?\w+|ARRAY_SIZE ?\([^()]*\))$")
#: Two variables, of which both say what they hold: no macros.
_PAIR = re.compile(r"([a-z_]\w*) ?(==|!=) ?([a-z_]\w*)")
#: What an element is counted by: `&all[n]` is no address of `n`.
_INDEX = re.compile(r"\[[^\[\]]*\]")
_FILLED = re.compile(r"\[([A-Za-z_]\w*)\+\+\]$")
_MASKED = re.compile(rf"({PLACE}) & ([A-Za-z_]\w*)")
_STEPPED = re.compile(rf"^({PLACE})(?:--|\+\+)$")
#: Calls that only look; what the last four say of a variable holds until something else is called.
_LOOKS = (
    "likely",
    "unlikely",
    "PTR_ERR",
    "PTR_ERR_OR_ZERO",
    "IS_ERR",
    "IS_ERR_OR_NULL",
    "PageUptodate",
    "PageWriteback",
)
_LOOKED_AT = re.compile(rf"(?:{'|'.join(_LOOKS[4:])})\({PLACE}\)")
_MADE_ERROR = re.compile(r"ERR_PTR ?\(.*\)")
_ERROR_OR_NONE = re.compile(rf"IS_ERR_OR_NULL ?\(({PLACE})\)")
#: What a variable holds, or a member of one, stays an error (or none) until it is assigned to, whatever is called; and who is not
#: given a pointer does not change what it leads to.
_LASTS = re.compile(r"IS_ERR(?:_OR_NULL)?\(\w+(?:\.\w+)*\)|\*\w+")
#: Whether a pointer is one error: `key == ERR_PTR(-ENOKEY)`.
_ONE_ERROR = re.compile(rf"({PLACE}) ?(==|!=) ?ERR_PTR ?\(.*\)")
#: Whether a pointer is NULL.
_ABSENT = re.compile(rf"{PLACE} ?[!=]= ?NULL")
#: Two arguments where a condition should be: the head of a macro that loops.
_LOOP_HEAD = re.compile(r"[^(,]*,")


class _Concerned(dict[str, bool]):
    """Key of what is known -> whether an assignment may change it: the name that is forgotten stands in it, or it tells of
    members without names; remembered as `_Lost` is."""

    def __init__(self, forgotten: str) -> None:
        super().__init__()
        self._forgotten = forgotten

    def __missing__(self, key: str) -> bool:
        speaks = bool(self._forgotten) and self._forgotten in identifiers(key)
        self[key] = concerned = speaks or key.endswith(REST)
        return concerned


@dataclass(frozen=True, slots=True)
class _Set:
    """An assignment: of which name all is forgotten ("" for none), whether it sets a place, to what, whether that is an error
    pointer, and of which pointer it is the error ("" for none); `ends` where it counts one down, `rises` where it counts up;
    `begins` is what an initialiser tells, and what makes the place the same as a variable that the function compares it with."""

    left: str
    right: str
    plain: bool
    ends: bool
    rises: bool
    forgotten: str
    place: bool
    error: bool
    error_of: str
    begins: tuple[tuple[str, tuple[int, str]], ...]
    concerned: _Concerned = field(compare=False)

    def behind(self, facts: Known) -> Known:
        """What is known behind it."""
        value = value_of(self.right, facts) if self.plain else (ANY, "")
        if self.ends and facts.get(self.left, (ANY, ""))[1] == "1":
            value = (ZERO, "0")  # a count of one comes to its end
        elif self.rises and not facts.get(self.left, (ANY, ""))[0] & NEGATIVE:
            value = (POSITIVE, "")
        concerned = self.concerned
        some = any(map(concerned.__getitem__, facts))
        facts = behind_set(facts, self.left, self.right) if some else facts
        if not self.forgotten:
            return facts
        lost = _speaking_of(facts, self.forgotten) if some else []
        told = self.place and value != (ANY, "")
        unasked = bool(self.error_of) and f"IS_ERR({self.error_of})" not in facts
        if not lost and not told and not self.begins and not unasked:
            return facts
        now = _without(facts, lost) if lost else dict(facts)
        now.update(self.begins)
        if unasked:
            now[as_number(self.left, self.error_of)] = (POSITIVE, "")
        if told:
            now[self.left] = value
            if self.error and not value[0] & ZERO:
                now[f"IS_ERR({self.left})"] = (POSITIVE, "")
        return now


@dataclass(frozen=True, slots=True)
class Condition:
    """What a condition asks: its text, `(x = f()) < 0` read as `x < 0`; what that compares, if anything; whether a call decides,
    of which nothing is remembered; the place that it counts up or down, or ""; and the place and the bits of `flags & BIT`."""

    text: str
    asked: _Asked | tuple[str, str, str]
    called: bool
    stepped: str
    masked: tuple[str, str]


class _Lost(dict[str, bool]):
    """Key of what is known -> whether nothing is known of it any more behind the calls of a node; every answer is remembered,
    for thousands of ways come to a node with the same few keys.

    Calls may change all that is in no variable (`anything`), what addresses lead to that are handed out (`inside` what, where
    that is a member), and what they are given pointers to."""

    def __init__(self, *, anything: bool, handed: Iterable[str], inside: Iterable[str], pointed: Iterable[str]) -> None:
        super().__init__()
        self._anything = anything
        self._handed = frozenset(handed)
        self._keys = {key for base in inside for key in (f"{base}{REST}", f"{base}->{REST}")} | set(pointed)

    def __missing__(self, key: str) -> bool:
        lost = key in self._keys or not self._handed.isdisjoint(identifiers(key))
        self[key] = lost = lost or (self._anything and _is_fleeting(key))
        return lost


@dataclass(frozen=True, slots=True)
class Remembered:
    """The outcome of a test that a place remembers, `there = !IS_ERR(file)`: the place, the test, and which outcome sets it."""

    place: str
    test: Condition
    truth: bool

    def told_apart(self, facts: Known) -> list[Known]:
        """What is known behind it, for each outcome that the test may have."""
        found = []
        for truth in (True, False):
            known = assume(facts, self.test, truth=truth)
            value = (POSITIVE, "") if truth == self.truth else (ZERO, "0")
            found += [{**known, self.place: value}] if known is not None else []
        return found


@dataclass(frozen=True, slots=True)
class Deed:
    """What a node does: what is `lost` behind its calls (None where it has none), the counts of the elements of arrays that it
    fills, and what it sets."""

    lost: _Lost | None
    counts: tuple[str, ...]
    sets: tuple[_Set, ...]
    condition: Condition | None
    remembered: Remembered | None = None

    def behind(self, facts: Known) -> Known:
        """What is known behind the calls and assignments of the node; the same object where that is nothing else."""
        if self.lost is None and not self.sets:
            return facts  # a test, mostly
        lost = [key for key in facts if self.lost[key]] if self.lost is not None else []
        now = _without(facts, lost) if lost else facts
        filled = [count for count in self.counts if not now.get(count, (ANY, ""))[0] & NEGATIVE]
        for one in self.sets:
            now = one.behind(now)
        return now | dict.fromkeys(filled, (POSITIVE, "")) if filled else now


def _deeds_of(graph: Graph) -> tuple[Deed, ...]:
    pairs = _pairs_in(graph)
    return tuple(deed_of(node, pairs) for node in graph.nodes)


_DEEDS = Recent(_deeds_of)


def deeds_of(graph: Graph) -> tuple[Deed, ...]:
    """What each node of a graph does."""
    return _DEEDS.of(graph)


def _pairs_in(graph: Graph) -> frozenset[str]:
    """The pairs of variables that a function compares."""
    found = (_PAIR.fullmatch(node.text) for node in graph.nodes if node.kind == "condition")
    return frozenset(are_same(one[1], one[3]) for one in found if one is not None)


def deed_of(node: Node, pairs: frozenset[str] = frozenset()) -> Deed:
    """What a node does, in a function that compares some pairs of variables."""
    ends = (one.left for one in node.assignments if one.left.endswith("++]"))
    return Deed(
        _lost_by(node.calls) if node.calls else None,
        # The variables that count the elements of an array which a node fills: `all[n++] = page`.
        tuple(found[1] for end in ends if (found := _FILLED.search(end))),
        tuple(_set_by(one, pairs, lasts=node.text.startswith("static ")) for one in node.assignments),
        condition_of(node) if node.kind == "condition" else None,
        _remembered_by(node) if node.kind == "statement" and len(node.assignments) == 1 else None,
    )


def _remembered_by(node: Node) -> Remembered | None:
    """The outcome of a test that a statement sets a place to, of those whose words say what the pointer is that they look at."""
    (one,) = node.assignments
    if one.operator != "=" or not IS_PLACE.fullmatch(one.left):
        return None
    text = one.right.removeprefix("!")
    turned = text != one.right
    tests = (turned and IS_PLACE.fullmatch(text)) or _LOOKED_AT.fullmatch(text) or _ABSENT.fullmatch(text)
    if not tests or one.left in identifiers(text):
        return None
    return Remembered(one.left, condition_of(replace(node, kind="condition", text=text, assignments=())), not turned)


def _lost_by(calls: Iterable[Call]) -> _Lost:
    """What some calls leave nothing known of."""
    opaque = [call for call in calls if call.callee not in _LOOKS]
    addresses = [one for call in calls for one in call.arguments if one.startswith("&")]
    return _Lost(
        anything=bool(opaque),
        handed=(name for one in addresses for name in identifiers(_INDEX.sub("", one))[-1:]),
        inside=(names[0] for one in addresses if len(names := identifiers(one)) > 1),
        pointed=(f"*{name}" for call in opaque for one in call.arguments for name in identifiers(one)),
    )


def _set_by(one: Assignment, pairs: frozenset[str], *, lasts: bool) -> _Set:
    """What an assignment does; a variable that `lasts` is begun but once."""
    forgotten, place = _target(one.left)
    ends = one.operator == "++" and one.right in (f"{one.left}--", f"--{one.left}")
    rises = one.right in (f"{one.left}++", f"++{one.left}")
    error = _MADE_ERROR.fullmatch(one.right) is not None
    begins = tuple(begun(one.left, one.right).items()) if one.operator == "=" and not lasts else ()
    if one.operator == "=" and (pair := are_same(one.left, one.right)) in pairs:
        begins = (*begins, (pair, (POSITIVE, "")))
    if one.operator == "=" and "?" not in one.right and gives_no_error(one.right):
        begins = (*begins, (f"IS_ERR({one.left})", (ZERO, "")))
    plain, of = one.operator == "=", error_of(one.right) if place else ""
    return _Set(one.left, one.right, plain, ends, rises, forgotten, place, error, of, begins, _Concerned(forgotten))


def condition_of(node: Node) -> Condition:
    """What a condition asks."""
    text = _read(node.text, tuple(one.left for one in node.assignments)) if node.assignments else node.text
    asked = _asked(text)
    stepped = _STEPPED.match(node.text)
    called = bool(node.calls) and asked is not _Asked.LOOK
    masked = _MASKED.fullmatch(text)
    return Condition(text, asked, called, stepped[1] if stepped else "", (masked[1], masked[2]) if masked else ("", ""))


@lru_cache(maxsize=1 << 14)
def _is_fleeting(key: str) -> bool:
    """Whether a call may change what is known of a place or test: it is not in a variable."""
    lasting = key.startswith(THROUGHOUT) or _LASTS.fullmatch(key)
    return not lasting and any(sign in key for sign in ("->", "(", "*", "."))


def _speaking_of(facts: Known, name: str) -> list[str]:
    """The places and tests in which a name stands."""
    return [key for key in facts if name in key and name in identifiers(key)]


def _without(facts: Known, lost: list[str]) -> Known:
    now = dict(facts)
    for key in lost:
        now.pop(key, None)
    return now


@lru_cache(maxsize=1 << 14)
def _target(left: str) -> tuple[str, bool]:
    """What is set: the name of which all is forgotten ("" for none), and whether it is a place."""
    names = identifiers(left)
    forgotten = left if IDENTIFIER.fullmatch(left) else names[-1] if names else ""
    return forgotten, IS_PLACE.fullmatch(left) is not None


@lru_cache(maxsize=1 << 14)
def _read(text: str, assigned: tuple[str, ...]) -> str:
    for left in assigned:
        text = re.sub(rf"^\(?\s*{re.escape(left)} = .*?\)?( (?:==|!=|<=|>=|<|>) -?\w+)?$", rf"{left}\1", text)
    return text


class _Asked(Enum):
    """What a condition asks that is no comparison of a place with a constant."""

    LOOP = "whether a macro goes on"
    PLACE = "whether a place is zero"
    ERROR_OR_NONE = "whether a pointer is an error or NULL"
    ONE_ERROR = "whether a pointer is one error"
    PAIR = "whether two variables are the same"
    LOOK = "a call that only looks"
    OTHER = "anything else"


@lru_cache(maxsize=1 << 14)
def _asked(text: str) -> _Asked | tuple[str, str, str]:
    """What a condition asks; place, operator and constant where these are compared."""
    if _LOOP_HEAD.match(text):
        return _Asked.LOOP
    if IS_PLACE.fullmatch(text):
        return _Asked.PLACE
    match = _COMPARISON.match(text)
    if match and (CONSTANT.match(match[3]) or match[3].startswith("ARRAY_SIZE")):
        return match[1], match[2], match[3]
    if _ERROR_OR_NONE.fullmatch(text):
        return _Asked.ERROR_OR_NONE
    if _ONE_ERROR.fullmatch(text):
        return _Asked.ONE_ERROR
    if _PAIR.fullmatch(text):
        return _Asked.PAIR
    return _Asked.LOOK if _LOOKED_AT.fullmatch(text) else _Asked.OTHER


def assume(facts: Known, condition: Condition, *, truth: bool) -> Known | None:
    """What is known when the condition is true (or false); None when that contradicts what is known."""
    text, asked = condition.text, condition.asked
    if condition.masked[0] and not _may_have_bit(facts, *condition.masked, truth=truth):
        return None
    if isinstance(asked, tuple):
        return compare(facts, *asked, truth=truth)
    if asked is _Asked.PLACE:
        return narrow(facts, text, NEGATIVE | POSITIVE if truth else ZERO, "")
    if asked is _Asked.LOOP:
        return _next_of(facts, text)
    if asked is _Asked.ERROR_OR_NONE:
        return _error_or_none(facts, text[text.index("(") + 1 : -1], truth=truth)
    one = _ONE_ERROR.fullmatch(text) if asked is _Asked.ONE_ERROR else None
    if one is not None:
        return narrow(facts, f"IS_ERR({one[1]})", POSITIVE, "") if truth == (one[2] == "==") else facts
    pair = _PAIR.fullmatch(text) if asked is _Asked.PAIR else None
    if pair is not None:
        return same(facts, *pair.groups(), truth=truth)
    if asked is _Asked.LOOK and truth and text.startswith("IS_ERR("):
        return told_error(facts, text[text.index("(") + 1 : -1])
    return facts if condition.called else narrow(facts, text, POSITIVE if truth else ZERO, "")


def _may_have_bit(facts: Known, place: str, bit: str, *, truth: bool) -> bool:
    """Whether `flags & BIT` may come out so: of zero no bit is set, and of the very bit it is."""
    signs, constant = told_of(facts, place)
    return signs != ZERO if truth else constant != bit


def contradicts(before: Known, condition: Condition, *, truth: bool) -> bool:
    """Whether `n--` as a condition has the other outcome: it is true when n was not zero before the step."""
    if not condition.stepped:
        return False
    return narrow(before, condition.stepped, ANY & ~ZERO if truth else ZERO, "") is None


def chosen(facts: Known, node: Node, label: str) -> Known | None:
    """What is known behind a way out of a `switch`, or of a node that tests nothing; None when that contradicts what is known."""
    if node.kind != "switch":
        return facts
    place = _read(node.text.removeprefix("(").removesuffix(")"), tuple(one.left for one in node.assignments))
    if not IS_PLACE.fullmatch(place):
        return facts
    if label != "default":
        return compare(facts, place, "==", label, truth=True) if CONSTANT.fullmatch(label) else facts
    then: Known | None = facts
    for _, other in node.successors:
        if then is not None and CONSTANT.fullmatch(other):
            then = compare(then, place, "==", other, truth=False)
    return then


def _error_or_none(facts: Known, place: str, *, truth: bool) -> Known | None:
    """What is known when a pointer is an error pointer or NULL, or is neither."""
    error = f"IS_ERR({place})"
    if not truth:
        told = narrow(facts, place, ANY & ~ZERO, "")
        return None if told is None else narrow(told, error, ZERO, "")
    sound = facts.get(error, (ANY, ""))[0] == ZERO and facts.get(place, (ANY, ""))[0] & ZERO == 0
    return None if sound else facts


def _next_of(facts: Known, text: str) -> Known:
    """What is known behind the head of a macro that loops, `list_for_each_entry(pos, head, member)`: it sets its variables, and
    whether it goes on says nothing about the next time."""
    set_here = (argument.strip() for argument in text.split(","))
    return _without(facts, [key for one in set_here if IDENTIFIER.fullmatch(one) for key in _speaking_of(facts, one)])
