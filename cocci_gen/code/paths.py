"""A Graph and what may not be passed -> Path, a feasible way from the entry to a node.

spatch follows control flow but not values: `if (bio) submit(bio); ... if (!bio) unlock` looks to it as if neither might
happen.  This search keeps what the branches and assignments on the way tell about plain variables, and drops ways that
contradict themselves.  It forgets rather than guesses: a way that it cannot refute stays.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from cocci_gen.code.control_flow import Assignment, Graph, Node

#: States looked at before a search gives up; the longest function of ->writepage in 6.1 needs 9,000.
STATES = 30_000

NEGATIVE, ZERO, POSITIVE = 1, 2, 4
ANY = NEGATIVE | ZERO | POSITIVE
_PLACE = r"[A-Za-z_]\w*(?:(?:->|\.)\w+)*"
#: What a pointer leads to: `*done`.
_BEHIND = r"\*[A-Za-z_]\w*"
_COMPARISON = re.compile(rf"^({_PLACE}|{_BEHIND}) ?(==|!=|<=|>=|<|>) ?(-?\w+|ARRAY_SIZE ?\([^()]*\))$")
#: Two variables, of which both say what they hold: no macros.
_PAIR = re.compile(r"([a-z_]\w*) ?(==|!=) ?([a-z_]\w*)")
_MASKS = {
    "<": NEGATIVE,
    "<=": NEGATIVE | ZERO,
    ">": POSITIVE,
    ">=": ZERO | POSITIVE,
    "==": ZERO,
    "!=": NEGATIVE | POSITIVE,
}
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*")
_IS_PLACE = re.compile(rf"{_PLACE}|{_BEHIND}")
#: What an element is counted by: `&all[n]` is no address of `n`.
_INDEX = re.compile(r"\[[^\[\]]*\]")
_FILLED = re.compile(r"\[([A-Za-z_]\w*)\+\+\]$")
_STEPPED = re.compile(rf"^({_PLACE})(?:--|\+\+)$")
#: Calls that only look; what the last four say of a variable holds until something else is called.
_LOOKS = ("likely", "unlikely", "PTR_ERR", "IS_ERR", "IS_ERR_OR_NULL", "PageUptodate", "PageWriteback")
_LOOKED_AT = re.compile(rf"(?:{'|'.join(_LOOKS[3:])})\({_PLACE}\)")
_MADE_ERROR = re.compile(r"ERR_PTR ?\(.*\)")
_ERROR_OF = re.compile(rf"PTR_ERR\(({_PLACE})\)")
_ERROR_OR_NONE = re.compile(rf"IS_ERR_OR_NULL ?\(({_PLACE})\)")
#: What a variable holds stays an error (or none) until it is assigned to, whatever is called; and who is not given a pointer does
#: not change what it leads to.
_LASTS = re.compile(r"IS_ERR(?:_OR_NULL)?\(\w+\)|\*\w+")
#: Stands in front of a test that has one outcome throughout.
THROUGHOUT = "?"
#: One constant, or flags joined with `|`.
_CONSTANT = re.compile(r"^(?:-?\d\w*|-E[A-Z0-9]+|[A-Z][A-Z0-9_]+(?: ?\| ?[A-Z][A-Z0-9_]+)*|true|false)$")

#: `(vm_fault_t)VM_FAULT_OOM`: a cast of a constant is that constant.
_CAST = re.compile(r"\((?:const |unsigned |signed |enum |__force )*[a-z_]\w*\) ?(.+)")
#: Families of codes and bits none of which is zero (include/linux/fs.h, mm_types.h).
_CODES = re.compile(r"(?:AOP|VM_FAULT)_")
_CHOICE = re.compile(rf"({_PLACE}) \? (.+) : (.+)")
#: One name of a constant that has a family.
_NAMED = re.compile(r"[A-Z][A-Z0-9]*_[A-Z0-9_]+")
#: Two arguments where a condition should be: the head of a macro that loops.
_LOOP_HEAD = re.compile(r"[^(,]*,")

#: What is known on a way: place -> (signs that it may have, constant that it equals or ""), condition text -> truth.
Facts = tuple[tuple[str, int, str], ...]


#: The same while a node is gone through.
Known = dict[str, tuple[int, str]]
#: A node, and what is known in front of it.
_State = tuple[int, Facts]


@dataclass(frozen=True, slots=True)
class Decision:
    """A branch that the path takes: the condition's node and whether it holds ("true", "false" or a case value)."""

    node: int
    label: str


@dataclass(frozen=True, slots=True)
class Path:
    """A feasible way: the nodes in order and the branches taken."""

    nodes: tuple[int, ...]
    decisions: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class NoPath:
    """No way was found: `exhausted` tells that every way was refuted, else the search gave up."""

    exhausted: bool


def refuted(way: Path | NoPath) -> bool:
    """Whether it is proven that there is no way."""
    return isinstance(way, NoPath) and way.exhausted


def sign_of(constant: str) -> int:
    """The signs that a constant may have, as a mask of NEGATIVE, ZERO, POSITIVE."""
    if constant in ("0", "NULL", "false", "0UL", "0x0"):
        return ZERO
    if constant.startswith("-"):
        return NEGATIVE
    if constant == "true" or constant[:1].isdigit() or _CODES.match(constant):
        return POSITIVE
    return ANY


def value_of(right: str, facts: Known) -> tuple[int, str]:
    """Signs and constant of the right side of an assignment."""
    text, fixed, error, made, choice = _value(right)
    if fixed is not None:
        return fixed
    if error and facts.get(error, (ANY, ""))[0] == POSITIVE:
        return NEGATIVE, ""
    if made:  # of 0 it is NULL
        signs, _ = value_of(made, facts)
        return NEGATIVE | POSITIVE | signs & ZERO, ""
    if choice:
        chosen = facts.get(choice[0], (ANY, ""))[0]
        if chosen & ZERO == 0 or chosen == ZERO:
            return value_of(choice[2 if chosen == ZERO else 1], facts)
    return facts.get(text, (ANY, ""))


@lru_cache(maxsize=1 << 14)
def _value(right: str) -> tuple[str, tuple[int, str] | None, str, str, tuple[str, ...]]:
    """An expression read: its text, what it is whatever is known, the test that makes it an error, what an error pointer is made
    of, and the test and sides of a choice."""
    text = right.strip()
    while text.startswith("(") and text.endswith(")") and text.count("(") == text.count(")") == 1:
        text = text[1:-1].strip()
    cast = _CAST.fullmatch(text)
    text = cast[1] if cast and _CONSTANT.match(cast[1]) else text
    if _CONSTANT.match(text):
        return text, (sign_of(text), text), "", "", ()
    if text.startswith("&"):
        return text, (NEGATIVE | POSITIVE, ""), "", "", ()
    error = _ERROR_OF.fullmatch(text)
    made = text[8:-1] if text.startswith("ERR_PTR(") and text.endswith(")") else ""
    choice = _CHOICE.fullmatch(text)
    return text, None, f"IS_ERR({error[1]})" if error else "", made, choice.groups() if choice else ()


@lru_cache(maxsize=1 << 16)
def _is_fleeting(key: str) -> bool:
    """Whether a call may change what is known of a place or test: it is not in a variable."""
    lasting = key.startswith(THROUGHOUT) or _LASTS.fullmatch(key)
    return not lasting and any(sign in key for sign in ("->", "(", "*", "."))


@lru_cache(maxsize=1 << 16)
def _identifiers(text: str) -> tuple[str, ...]:
    return tuple(_IDENTIFIER.findall(text))


def _forget(facts: Known, name: str) -> None:
    for key in [key for key in facts if name in key and name in _identifiers(key)]:
        del facts[key]


@lru_cache(maxsize=1 << 14)
def _target(left: str) -> tuple[str, bool]:
    """What is set: the name of which all is forgotten ("" for none), and whether it is a place."""
    names = _identifiers(left)
    forgotten = left if _IDENTIFIER.fullmatch(left) else names[-1] if names else ""
    return forgotten, _IS_PLACE.fullmatch(left) is not None


def _assign(facts: Known, assignment: Assignment) -> None:
    left = assignment.left
    value = value_of(assignment.right, facts) if assignment.operator == "=" else (ANY, "")
    if (
        assignment.operator == "++"
        and assignment.right in (f"{left}--", f"--{left}")
        and facts.get(left, (ANY, ""))[1] == "1"
    ):
        value = (ZERO, "0")  # a count of one comes to its end
    elif assignment.right in (f"{left}++", f"++{left}") and not facts.get(left, (ANY, ""))[0] & NEGATIVE:
        value = (POSITIVE, "")
    forgotten, place = _target(left)
    if not forgotten:
        return
    _forget(facts, forgotten)
    if place and value != (ANY, ""):
        facts[left] = value
        if _MADE_ERROR.fullmatch(assignment.right) and not value[0] & ZERO:
            facts[f"IS_ERR({left})"] = (POSITIVE, "")


def after(facts: Known, node: Node) -> Known:
    """What is known behind the calls and assignments of a node."""
    if not node.calls and not node.assignments:
        return facts
    if any(call.callee not in _LOOKS for call in node.calls):
        facts = {key: value for key, value in facts.items() if not _is_fleeting(key)}
    else:
        facts = dict(facts)
    for call in node.calls if facts else ():
        for argument in call.arguments:
            if argument.startswith("&"):
                for name in _identifiers(_INDEX.sub("", argument))[-1:]:
                    _forget(facts, name)
            for name in _identifiers(argument) if call.callee not in _LOOKS else ():
                facts.pop(f"*{name}", None)
    filled = [count for count in _filled(node) if not facts.get(count, (ANY, ""))[0] & NEGATIVE]
    for assignment in node.assignments:
        _assign(facts, assignment)
    return facts | dict.fromkeys(filled, (POSITIVE, "")) if filled else facts


def _filled(node: Node) -> Iterator[str]:
    """The variables that count the elements of an array which a node fills: `all[n++] = page`."""
    ends = (one.left for one in node.assignments if one.left.endswith("++]"))
    yield from (found[1] for end in ends if (found := _FILLED.search(end)))


def _tested(node: Node) -> str:
    """The condition's text, `(x = f()) < 0` read as `x < 0`."""
    if not node.assignments:
        return node.text
    return _read(node.text, tuple(assignment.left for assignment in node.assignments))


@lru_cache(maxsize=1 << 14)
def _read(text: str, assigned: tuple[str, ...]) -> str:
    for left in assigned:
        text = re.sub(rf"^\(?\s*{re.escape(left)} = .*?\)?( (?:==|!=|<=|>=|<|>) -?\w+)?$", rf"{left}\1", text)
    return text


def assume(facts: Known, node: Node, *, truth: bool) -> Known | None:
    """What is known when the condition is true (or false); None when that contradicts what is known."""
    text = _tested(node)
    asked = _asked(text)
    if isinstance(asked, tuple):
        return _compare(facts, *asked, truth=truth)
    if asked is _Asked.PLACE:
        return narrow(facts, text, NEGATIVE | POSITIVE if truth else ZERO, "")
    if asked is _Asked.LOOP:
        return _next_of(facts, text)
    if asked is _Asked.ERROR_OR_NONE:
        return _error_or_none(facts, text[text.index("(") + 1 : -1], truth=truth)
    if asked is _Asked.PAIR:
        return _same(facts, text, truth=truth)
    if node.calls and asked is not _Asked.LOOK:
        return facts
    return narrow(facts, text, POSITIVE if truth else ZERO, "")


class _Asked(Enum):
    """What a condition asks that is no comparison of a place with a constant."""

    LOOP = "whether a macro goes on"
    PLACE = "whether a place is zero"
    ERROR_OR_NONE = "whether a pointer is an error or NULL"
    PAIR = "whether two variables are the same"
    LOOK = "a call that only looks"
    OTHER = "anything else"


@lru_cache(maxsize=1 << 14)
def _asked(text: str) -> _Asked | tuple[str, str, str]:
    """What a condition asks; place, operator and constant where these are compared."""
    if _LOOP_HEAD.match(text):
        return _Asked.LOOP
    if _IS_PLACE.fullmatch(text):
        return _Asked.PLACE
    match = _COMPARISON.match(text)
    if match and (_CONSTANT.match(match[3]) or match[3].startswith("ARRAY_SIZE")):
        return match[1], match[2], match[3]
    if _ERROR_OR_NONE.fullmatch(text):
        return _Asked.ERROR_OR_NONE
    if _PAIR.fullmatch(text):
        return _Asked.PAIR
    return _Asked.LOOK if _LOOKED_AT.fullmatch(text) else _Asked.OTHER


def branch(facts: Known, node: Node, label: str) -> Known | None:
    """What is known behind a way out of a condition or a `switch`; None when that contradicts what is known."""
    if node.kind == "condition":
        return assume(facts, node, truth=label == "true")
    if node.kind != "switch":
        return facts
    place = _read(node.text.removeprefix("(").removesuffix(")"), tuple(one.left for one in node.assignments))
    if not _IS_PLACE.fullmatch(place):
        return facts
    if label != "default":
        return _compare(facts, place, "==", label, truth=True) if _CONSTANT.fullmatch(label) else facts
    then: Known | None = facts
    for _, other in node.successors:
        if then is not None and _CONSTANT.fullmatch(other):
            then = _compare(then, place, "==", other, truth=False)
    return then


def _error_or_none(facts: Known, place: str, *, truth: bool) -> Known | None:
    """What is known when a pointer is an error pointer or NULL, or is neither."""
    error = f"IS_ERR({place})"
    if not truth:
        told = narrow(facts, place, ANY & ~ZERO, "")
        return None if told is None else narrow(told, error, ZERO, "")
    sound = facts.get(error, (ANY, ""))[0] == ZERO and facts.get(place, (ANY, ""))[0] & ZERO == 0
    return None if sound else facts


def contradicts(before: Known, node: Node, *, truth: bool) -> bool:
    """Whether `n--` as a condition has the other outcome: it is true when n was not zero before the step."""
    stepped = _stepped(node.text)
    return stepped != "" and narrow(before, stepped, ANY & ~ZERO if truth else ZERO, "") is None


@lru_cache(maxsize=1 << 14)
def _stepped(text: str) -> str:
    """The place that a condition counts up or down; "" for any other."""
    match = _STEPPED.match(text)
    return match[1] if match else ""


def _next_of(facts: Known, text: str) -> Known:
    """What is known behind the head of a macro that loops, `list_for_each_entry(pos, head, member)`: it sets its variables, and
    whether it goes on says nothing about the next time."""
    facts = dict(facts)
    for argument in text.split(","):
        if _IDENTIFIER.fullmatch(argument.strip()):
            _forget(facts, argument.strip())
    return facts


def _compare(facts: Known, place: str, operator: str, constant: str, *, truth: bool) -> Known | None:
    _, known = facts.get(place, (ANY, ""))
    if operator in ("==", "!="):
        equal = (operator == "==") == truth
        if known and known == constant:
            return facts if equal else None
        if equal:
            if facts.get(f"{place} == {constant}", (ANY, ""))[0] == ZERO:
                return None
            if known and known != constant and (_differ(known, constant) or _both_named(known, constant)):
                return None
            return narrow(facts, place, sign_of(constant), constant)
        if sign_of(constant) == ZERO:
            return narrow(facts, place, ANY & ~ZERO, "")
        return narrow(facts, f"{place} == {constant}", ZERO, "")
    if sign_of(constant) != ZERO:
        key = f"{place} {operator} {constant}"
        told = narrow(facts, key, POSITIVE if truth else ZERO, "")
        above = operator in (">", ">=") if truth else operator in ("<", "<=")
        return narrow(told, place, POSITIVE, "") if told is not None and above and _counts(constant) else told
    mask = _MASKS[operator]
    return narrow(facts, place, mask if truth else ANY & ~mask, "")


def _same(facts: Known, text: str, *, truth: bool) -> Known | None:
    """What is known when two variables are the same or are not: none is NULL where the other is a pointer to something."""
    found = _PAIR.fullmatch(text)
    one, other = (found[1], found[3]) if found else ("", "")
    told = narrow(facts, text, POSITIVE if truth else ZERO, "")
    if told is None or found is None:
        return told
    (signs, constant), (others, another) = facts.get(one, (ANY, "")), facts.get(other, (ANY, ""))
    if (found[2] == "==") != truth:
        return None if signs == others == ZERO else told
    if signs & others == 0 or (constant and another and _differ(constant, another)):
        return None
    both = signs & others
    for place, old in ((one, signs), (other, others)):
        told = narrow(told, place, both, constant or another) if both != old and told is not None else told
    return told


def _counts(constant: str) -> bool:
    """Whether a constant is greater than zero."""
    return constant.startswith("ARRAY_SIZE") or sign_of(constant) == POSITIVE


def _differ(one: str, other: str) -> bool:
    """Whether two constants that are written differently are two values."""
    return _CONSTANT.match(one) is not None and sign_of(one) | sign_of(other) != ANY


def _both_named(one: str, other: str) -> bool:
    """Whether both are names (`MODE_READ`, `NOT_FOUND`): what one variable is compared with has one name per value."""
    return all(_NAMED.fullmatch(name) for name in (one, other))


def narrow(facts: Known, place: str, mask: int, constant: str) -> Known | None:
    """The facts with a place among the signs of the mask, and equal to the constant if one is given; None: it cannot be."""
    signs, known = facts.get(place, (ANY, ""))
    if signs & mask == 0:
        return None
    return {**facts, place: (signs & mask, constant or known)}


def may_be_zero(facts: Facts, place: str) -> bool:
    """Whether a place may be zero with what is known."""
    return all(signs & ZERO for key, signs, _ in facts if key == place)


def may_be_nonzero(facts: Facts, place: str) -> bool:
    """Whether a place may be other than zero with what is known."""
    return all(signs & ~ZERO for key, signs, _ in facts if key == place)


def given(values: Iterable[tuple[str, str]]) -> Facts:
    """What is known at first of places that hold constants: (place, constant) -> facts; other texts tell nothing."""
    known = {place: value_of(text, {}) for place, text in values if _CONSTANT.match(text)}
    return frozen(known)


def given_to(graph: Graph, arguments: Iterable[str], known: Known | None = None) -> Facts:
    """What a call tells of its callee's parameters: the constants that it passes, and what is known of variables (`known`), be it
    what they do not equal."""
    pairs = [(p.name, text) for p, text in zip(graph.parameters, arguments, strict=False) if p.name]
    told = {name: value_of(text, known or {}) for name, text in pairs}
    for key, value in (known or {}).items():
        place, equals, constant = key.partition(" == ")
        if equals and value[0] == ZERO:
            told |= {f"{name} == {constant}": value for name, text in pairs if text == place}
    return frozen({name: value for name, value in told.items() if value != (ANY, "")})


def nonzero(place: str) -> Facts:
    """The fact that a place is not zero."""
    return ((place, ANY & ~ZERO, ""),)


def sound(place: str) -> Facts:
    """The facts that a pointer is neither NULL nor an error."""
    return ((f"IS_ERR({place})", ZERO, ""), *nonzero(place))


def frozen(facts: Known) -> Facts:
    """What is known, as a key."""
    return tuple(sorted((key, signs, constant) for key, (signs, constant) in facts.items()))


class Ways:
    """The feasible ways from a node of a graph that pass no node of `blocked` and take no branch that `refused` names, the
    shortest first; the search goes on from where the question before left it.  `known` holds at the start."""

    def __init__(
        self,
        graph: Graph,
        blocked: Collection[int],
        *,
        start: int = 0,
        known: Facts = (),
        refused: Callable[[Node, str], bool] = lambda node, label: False,
    ) -> None:
        self._graph = graph
        self._blocked = blocked
        self._refused = refused
        self._exhausted = True
        self._first: _State = (start, frozen({key: (signs, constant) for key, signs, constant in known}))
        self._before: dict[_State, tuple[_State, str] | None] = {self._first: None}
        self._search = self._arrivals()
        self._arrived: dict[int, list[_State]] = {}

    def to(self, target: int, accept: Callable[[Facts], bool] = lambda facts: True) -> Path | NoPath:
        """The shortest way to a node, which may be blocked itself; `accept` may ask more of what is known there.

        NoPath(exhausted=True) is a proof under the model: every way contradicts itself or is blocked.
        """
        for state in self._arrived.get(target, ()):
            if accept(state[1]):
                return self._path(state)
        for state in self._search:
            self._arrived.setdefault(state[0], []).append(state)
            if state[0] == target and accept(state[1]):
                return self._path(state)
        return NoPath(self._exhausted)

    def _arrivals(self) -> Iterator[_State]:
        """Every node with what is known when a way comes to it, in the order of the ways' lengths."""
        queue = deque([self._first])
        while queue:
            state = queue.popleft()
            yield state
            if state[0] in self._blocked and state[0] != self._first[0]:
                continue
            for following, label in self._following(state):
                if following not in self._before:
                    self._before[following] = (state, label)
                    queue.append(following)
            if len(self._before) > STATES:
                self._exhausted = False
                return

    def _following(self, state: _State) -> Iterator[tuple[_State, str]]:
        number, told = state
        node = self._graph.nodes[number]
        old = {key: (signs, constant) for key, signs, constant in told}
        facts = after(old, node)
        behind = told if facts is old else frozen(facts)
        for successor, label in node.successors:
            if self._refused(node, label):
                continue
            stepped = node.kind == "condition" and contradicts(old, node, truth=label == "true")
            then = None if stepped else branch(facts, node, label)
            if then is not None:
                yield (successor, behind if then is facts else frozen(then)), label

    def _path(self, state: _State) -> Path:
        nodes = [state[0]]
        decisions = []
        link = self._before[state]
        while link is not None:
            state, label = link
            nodes.append(state[0])
            if label:
                decisions.append(Decision(state[0], label))
            link = self._before[state]
        return Path(tuple(reversed(nodes)), tuple(reversed(decisions)))


def find_path(
    graph: Graph,
    target: int,
    blocked: Collection[int],
    *,
    start: int = 0,
    known: Facts = (),
    refused: Callable[[Node, str], bool] = lambda node, label: False,
    accept: Callable[[Facts], bool] = lambda facts: True,
) -> Path | NoPath:
    """One question to `Ways`; who asks for several targets asks that."""
    return Ways(graph, blocked, start=start, known=known, refused=refused).to(target, accept)
