"""A Template and what the new kernel's helpers do -> what its right side would lose, in words.

Agreement is no proof: the compiler rewards a deletion, and so do counts of errors.  A call, a store or a test of the
left side must be on the right side as well, or in what the right side calls (`inode_set_ctime_current()` calls
`current_time()`), or be the very thing that changed with all of its arguments handed on.  A statement does not become a return,
of which the examples were the last ones of their functions.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator

from cocci_gen.port.lessons.generalise import Template
from cocci_gen.port.texts.terms import HOLE, Term, holes_in, names_in, spelled, subterms

#: How deep helpers are looked into.
_DEPTH = 4
#: The name of a function -> the text of its definition in the new kernel, "" where there is none at hand.
Definition = Callable[[str], str]
_CALL = re.compile(r"\b([A-Za-z_]\w*)\s*\(")
#: `x->member = ...`, `x->member.part = ...`, also `ACCESS_PRIVATE(x, member) = ...`.
_STORE = re.compile(r"((?:(?:->|\.|,)\s*\w+\s*)+)\)?\s*(?:[-+|&^*/%]|<<|>>)?=(?!=)")
#: What stores to its first argument.
_STORED = re.compile(r"\b(?:WRITE_ONCE|smp_store_release|smp_store_mb|rcu_assign_pointer)\s*\(\s*&?([^,;]*),")
_MEMBER = re.compile(r"(?:->|\.|,)\s*(\w+)")
_TESTS = frozenset({"if_statement", "while_statement", "for_statement", "conditional_expression", "switch_statement"})
_PLAIN = frozenset({"identifier", "field_expression", "number_literal", HOLE, "null", "true", "false"})


def losses(template: Template, changed: Collection[str], definition: Definition) -> tuple[str, ...]:
    """What the right side would lose; empty where everything has gone somewhere."""
    left, right = template.left, template.right
    after = calls_in(right)
    done = done_by([name for name in after if name], definition)
    lost: list[str] = []
    for name, count in (calls_in(left) - after).items():
        if name in changed and after:
            continue  # what changed, and another call stands in its place
        if name not in done.calls and count:
            lost.append(f"the call of {name or 'a function pointer'}()")
    lost += _lost_stores(left, right, changed, done)
    tests = Counter(term[0] for term in subterms(left) if term[0] in _TESTS)
    tests -= Counter(term[0] for term in subterms(right) if term[0] in _TESTS)
    lost += [f"the {kind.partition('_')[0]}" for kind in tests]
    lost += [*_lost_ways(left, right), *_lost_addresses(left, right)]
    gone = set(holes_in(left)) - set(holes_in(right))
    lost += [f"what stands for E{number}" for number in sorted(gone)]
    return tuple(lost)


def _lost_ways(left: Term, right: Term) -> Iterator[str]:
    """A function is left at another place: what came behind in the examples is not what comes behind elsewhere."""
    ways = [sum(part[0] == "return_statement" for part in subterms(side)) for side in (left, right)]
    if ways[0] < ways[1]:
        yield "what comes behind it"
    elif ways[0] > ways[1]:
        yield "the return"


def _lost_addresses(left: Term, right: Term) -> Iterator[str]:
    """What was given by its address and is given itself became a pointer in the examples: `unregister_shrinker(&x)`,
    `shrinker_free(x)`."""
    given, now = _holes_below(left, "pointer_expression", "&"), _holes_below(right, "argument_list", "(")
    for hole in sorted(given.keys() & now.keys()):
        if given[hole] == list(holes_in(left)).count(hole) and now[hole] == list(holes_in(right)).count(hole):
            yield f"the address of E{hole}"


def _holes_below(term: Term, kind: str, sign: str) -> Counter[int]:
    """The metavariables that stand right below a node of some kind, which begins with a sign."""
    nodes = (part for part in subterms(term) if part[0] == kind and part[1] == sign)
    return Counter(one[1] for node in nodes for one in node[2:] if isinstance(one, tuple) and one[0] == HOLE)


def calls_in(term: Term) -> Counter[str]:
    """The functions that a term calls; "" for a call through a pointer."""
    found: Counter[str] = Counter()
    for part in subterms(term):
        if part[0] == "call_expression":
            callee = part[1]
            found[callee[1] if isinstance(callee, tuple) and callee[0] == "identifier" else ""] += 1
    return found


class Done:
    """What some helpers of the new kernel do, all the way down: the functions that they call, the members that they set."""

    def __init__(self) -> None:
        self.calls: set[str] = set()
        self.stores: set[str] = set()


def done_by(names: list[str], definition: Definition) -> Done:
    """What some functions do, and all that they call."""
    done = Done()
    todo = [(name, 0) for name in names]
    while todo:
        name, depth = todo.pop()
        text = definition(name)
        body = text.partition("{")[2]
        stored = [*_STORE.findall(body), *_STORED.findall(body)]
        done.stores |= {member for target in stored for member in _MEMBER.findall(target)}
        for called in set(_CALL.findall(body)):
            if called not in done.calls and depth < _DEPTH:
                todo.append((called, depth + 1))
            done.calls.add(called)
    return done


def _lost_stores(left: Term, right: Term, changed: Collection[str], done: Done) -> Iterator[str]:
    """Assignments whose target is set neither by the right side nor by what it calls, nor stands for another one there."""
    kept = Counter(_targets(right))
    fresh = kept - Counter(_targets(left))
    arguments = {hole for part in subterms(right) if part[0] == "call_expression" for hole in holes_in(part)}
    for target in _targets(left):
        if kept[target]:
            kept[target] -= 1
            continue
        if _handed_over(target, left, arguments, done):
            continue
        members = [name for name in names_in(target) if name in changed]
        base = set(holes_in(target))
        if members and base <= arguments and any(_sets(done, spelled(member)) for member in members):
            continue
        other = next((one for one in fresh.elements() if members and base and set(holes_in(one)) == base), None)
        if other is not None:
            fresh[other] -= 1  # a member that changed, and a store to another one of the same object
            continue
        yield "a store"


def _handed_over(target: Term, left: Term, arguments: Collection[int], done: Done) -> bool:
    """Whether a call takes what is set and what it is set to, and sets that member: `t.call = f` beside `setup(&t, f)`.  Of a
    member's part the member counts: `set_born(x, a, b)` sets some `b`, but not that of `x->cut.b = b`."""
    if not isinstance(target, tuple) or target[0] != "field_expression":
        return False
    stores = (part for part in subterms(left) if part[0] == "assignment_expression" and part[1:3] == (target, "="))
    values = {hole for one in stores for hole in holes_in(one[3])}
    given = values | set(holes_in(target))
    return bool(values) and given <= set(arguments) and _sets(done, _first_member(target))


def _first_member(target: Term) -> str:
    """The member of the object at hand, of which the others are parts."""
    name = ""
    while isinstance(target, tuple) and target[0] == "field_expression":
        name, target = str(target[3][1]), target[1]
    return name


def _sets(done: Done, member: str) -> bool:
    """Whether helpers set a member, or the members that it was divided into (`i_mtime` -> `i_mtime_sec`)."""
    return any(one == member or one.startswith((f"{member}_", f"__{member}")) for one in done.stores)


def _targets(term: Term) -> Iterator[Term]:
    for part in subterms(term):
        if part[0] == "assignment_expression":
            yield part[1]
        elif part[0] == "update_expression":
            yield next((one for one in part[1:] if isinstance(one, tuple)), "")
