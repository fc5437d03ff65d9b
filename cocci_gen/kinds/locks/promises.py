"""A function and a lock that the table promises a method it calls -> LockUse, what it does to it.

Who releases a lock behind the call has taken it before; who has released it no longer holds it; and who sleeps is called without
a spinlock.  The first two are said of a lock that has to do with the call: one of an object that the call names, or the only
one of its sort in the function.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.document.vocabulary import Resource, lock_takers
from cocci_gen.facts.tree.call_sites import is_core
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.facts.walks.sleep_words import sleep_words
from cocci_gen.kinds.duties import TreeFacts

#: What may take a lock of any sort, by its name.
_MAY_TAKE = re.compile(r"(?:^|_)(?:(?:try|re)?lock(?:ed)?|down|guard)(?:_|$)")
#: A call that finds a page and returns it locked, by its name or by a flag among what it is given.
_GRABS = re.compile(r"(?:^|_)(?:grab|find_or_create)_")
_GRABBING = re.compile(r"\bFGP_(?:LOCK|WRITEBEGIN)\b")
#: Calls that are followed into functions which sound like they take a lock.
_WRAPPERS = 2
_NEVER_TAKES = re.compile(r"unlock|assert|lockdep|is_locked|_init$|^(?:init|trace)_")
#: A variable: no member, and no function.
_MEMBER = re.compile(r"(?:->|\.)\s*(\w+)\W*$")
_VARIABLE = re.compile(r"(?<!->)(?<!\.)\b[a-z_]\w*\b(?! ?\()")


@dataclass(frozen=True, slots=True)
class LockUse:
    """Nodes that take or assert the lock, nodes that perhaps take what is released, its releases, those of them that come behind
    a node which waits for the lock, and the nodes that sleep, if nobody may who holds it.  `entered` tells that callers may
    hold it already, `inherited` that one in the same file does; `names` are the functions that only take it here."""

    takes: frozenset[int]
    perhaps: frozenset[int]
    releases: tuple[tuple[int, Call], ...]
    drops: tuple[tuple[int, Call], ...]
    sleeps: frozenset[int]
    entered: bool
    inherited: bool
    names: frozenset[str]


#: Of a lock about which nothing can be said.
PROMISE_UNKNOWN = LockUse(frozenset(), frozenset(), (), (), frozenset(), True, True, frozenset())


def lock_use(resource: Resource, definition: Definition, graph: Graph, facts: TreeFacts) -> LockUse:
    """What a function does to a lock."""
    takes = nodes_of(graph, lambda call: _takes(call, resource))
    releases = _releases(graph, resource)
    about = _origins(tuple(text for _, call in releases for text in call.arguments[:1]), graph)

    def perhaps(call: Call) -> bool:
        given = not call.arguments or bool(_origins(call.arguments, graph) & about)
        return given and _perhaps_takes(call, resource, definition.path, facts, _WRAPPERS)

    held = graph.behind(nodes_of(graph, lambda call: _waits(call, resource)))
    drops = tuple((node, call) for node, call in releases if node in held)
    sleeps = nodes_of(graph, _sleeps) if resource.family.atomic else frozenset()
    names = {call.callee for node in takes for call in graph.nodes[node].calls if _takes(call, resource)}
    others = {call.callee for call in graph.calls() if not _takes(call, resource)}
    outside = not takes or _takes_again(graph, takes, frozenset(node for node, _ in releases))
    entered = is_core(definition.path) or (outside and _callers_may_hold(resource, definition, facts))
    inherited = entered and bool(releases) and _inherits(resource, definition, facts)
    return LockUse(
        takes, nodes_of(graph, perhaps), releases, drops, sleeps, entered, inherited, frozenset(names - others)
    )


def waited_for(graph: Graph, resource: Resource, calls: Iterable[int] = ()) -> tuple[tuple[int, Call], ...]:
    """The nodes and calls that wait for the lock on ways from the entry that release none and come over none of some calls: who
    comes to them does not hold it."""
    ends = nodes_of(graph, lambda call: _releases_any(call, resource)) | frozenset(calls)
    first = graph.behind((0,), ends) - frozenset(calls)
    return tuple((at, call) for at in sorted(first) for call in graph.nodes[at].calls if _waits(call, resource))


def perhaps_takes(call: Call, resource: Resource, path: str, facts: TreeFacts) -> bool:
    """Whether a call in a function of the file `path` takes the lock of some object, or may do so by its name."""
    return _takes(call, resource) or _perhaps_takes(call, resource, path, facts, _WRAPPERS)


def perhaps_takes_other(call: Call, owner: str, resource: Resource, path: str, facts: TreeFacts) -> bool:
    """The same of another object than `owner`; a helper that is given more than that may take both."""
    alone = _takes(call, resource) or len(call.arguments) == 1
    return perhaps_takes(call, resource, path, facts) and not (alone and is_lock_of(call, owner))


def is_lock_of(call: Call, owner: str) -> bool:
    """Whether what is locked is an object, by its text: `inode_lock(dir)`, `down_read(&dir->i_rwsem)`."""
    text = call.arguments[0].lstrip("& ") if call.arguments else ""
    return text == owner or text.startswith((f"{owner}->", f"{owner}."))


def others_taken(graph: Graph, release: Call, resource: Resource) -> frozenset[int]:
    """The nodes that take the lock of another variable than the one that is released, where some node takes it of that one by
    the same name; none where it cannot be told."""
    of = release.arguments[:1]
    taken = {
        at: [call for call in node.calls if _takes(call, resource)]
        for at, node in enumerate(graph.nodes)
        if any(_takes(call, resource) for call in node.calls)
    }
    if not of or not any(call.arguments[:1] == of for every in taken.values() for call in every):
        return frozenset()
    origins = {of[0], *(one.right for one in graph.assignments() if one.left == of[0])}
    origins |= {one.left for one in graph.assignments() if one.right == of[0]}
    return frozenset(at for at, every in taken.items() if all(origins.isdisjoint(call.arguments) for call in every))


def _takes_again(graph: Graph, takes: frozenset[int], releases: frozenset[int]) -> bool:
    """Whether the function releases the lock before it takes it: it was called with it."""
    return bool(takes & graph.behind(releases & graph.behind(frozenset({0}), takes)))


def concerns(release: Call, call: Call, graph: Graph, use: LockUse, resource: Resource) -> bool:
    """Whether a lock that is released has to do with a call of the method."""
    if not resource.owner:
        return True
    objects = {found.arguments[:1] for _, found in use.releases}
    objects |= {
        found.arguments[:1] for node in use.takes for found in graph.nodes[node].calls if _takes(found, resource)
    }
    if len(objects) == 1:
        return True
    return bool(_origins(release.arguments[:1], graph) & _origins((call.callee, *call.arguments), graph))


def _origins(texts: tuple[str, ...], graph: Graph) -> frozenset[str]:
    """The variables of some expressions, and those that they come from."""
    found = {name for text in texts for name in _VARIABLE.findall(text)}
    before = -1
    while before != len(found):
        before = len(found)
        for assignment in graph.assignments():
            if assignment.left in found:
                found |= set(_VARIABLE.findall(assignment.right))
    return frozenset(found)


def nodes_of(graph: Graph, wanted: Callable[[Call], bool]) -> frozenset[int]:
    """The nodes with such a call."""
    return frozenset(number for number, node in enumerate(graph.nodes) if any(wanted(call) for call in node.calls))


def _named(call: Call, resource: Resource) -> bool:
    """Whether a function for all locks of a sort is given this one."""
    return bool(call.arguments) and any(re.search(rf"\b{member}\b", call.arguments[0]) for member in resource.members)


def _takes(call: Call, resource: Resource) -> bool:
    """Whether a call takes the lock, tries to, or asserts it: in the words of the vocabulary, or by a name that says so."""
    own, family = resource.calls, resource.family.calls
    if call.callee in own.take + own.take_shared + own.attempt + own.attempt_shared + own.asserts:
        return True
    general = family.take + family.take_shared + family.attempt + family.attempt_shared + family.asserts
    named = call.callee in general or ("lock" in call.callee and not _NEVER_TAKES.search(call.callee))
    return named and _named(call, resource)


def _waits(call: Call, resource: Resource) -> bool:
    """Whether a call comes back with the lock, however long that takes; `if (WARN_ON(trylock()))` is an assertion."""
    own, family = resource.calls, resource.family.calls
    return call.callee in own.take + own.take_shared or (
        call.callee in family.take + family.take_shared and _named(call, resource)
    )


def _sleeps(call: Call) -> bool:
    """Whether a call sleeps as everybody can see."""
    words = sleep_words()
    waits = words.allocates.why(call.callee) and {"GFP_KERNEL", "GFP_NOFS", "GFP_NOIO"} & set(call.arguments)
    return call.direct and bool(words.sleeps.why(call.callee) or waits)


def _releases_any(call: Call, resource: Resource) -> bool:
    own, family = resource.calls, resource.family.calls
    return call.callee in own.release + own.release_shared + family.release + family.release_shared


def _releases(graph: Graph, resource: Resource) -> tuple[tuple[int, Call], ...]:
    own = resource.calls.release + resource.calls.release_shared
    return tuple(
        (number, call)
        for number, node in enumerate(graph.nodes)
        for call in node.calls
        if call.callee in own or (_releases_any(call, resource) and _named(call, resource))
    )


def _perhaps_takes(call: Call, resource: Resource, path: str, facts: TreeFacts, depth: int) -> bool:
    """Whether a call may take the lock under a name that is not in the vocabulary, lock_rename() for instance: it sounds like
    it, and what can be seen of it does not speak against it."""
    if resource.family.name == "page" and (_GRABS.search(call.callee) or _GRABBING.search(" ".join(call.arguments))):
        return True
    if not _MAY_TAKE.search(call.callee) or _NEVER_TAKES.search(call.callee):
        return False
    if call.callee in lock_takers() and not _alias(call, resource):
        return False
    if resource.family.name == "page":  # a lookup takes it by way of a flag, FGP_LOCK
        return True
    graphs = [facts.index.graph(definition) for definition in facts.index.resolve(call.callee, path)]
    inside = [inner for graph in graphs if graph is not None for inner in graph.calls()]
    takes = any(_takes(one, resource) for one in inside)
    deeper = depth > 0 and any(_perhaps_takes(one, resource, path, facts, depth - 1) for one in inside)
    return not graphs or None in graphs or takes or deeper


def _alias(call: Call, resource: Resource) -> bool:
    """Whether a primitive of the right family is given a lock under another name than that of its member."""
    argument = call.arguments[0] if call.arguments else ""
    return call.callee in lock_takers(resource.family.name) and _MEMBER.search(argument) is None


def _callers_may_hold(resource: Resource, definition: Definition, facts: TreeFacts) -> bool:
    """Whether somebody outside of the file may call the function, or a caller within it may hold the lock."""
    if not definition.span.static or definition.path.endswith(".h") or facts.index.entries_naming(definition.name):
        return True
    for other, caller in _callers(definition, facts):
        given = any(definition.name in call.arguments for call in caller.calls())
        if given or not other.span.static or any(_takes(call, resource) for call in caller.calls()):
            return True
    return False


def _inherits(resource: Resource, definition: Definition, facts: TreeFacts) -> bool:
    """Whether the function says that it releases what its caller has taken, or is a part of callers that take the lock."""
    text = facts.index.text_of(definition)
    if b"__releases" in text.partition(b"{")[0]:
        return True
    seen, todo = {definition.name}, [definition] if definition.span.static else []
    while todo:
        callee = todo.pop()
        for other, caller in _callers(callee, facts):
            if _holds_at(caller, callee.name, resource, other.path, facts):
                return True
            if other.span.static and other.name not in seen:
                seen.add(other.name)
                todo.append(other)
    return False


def _holds_at(caller: Graph, name: str, resource: Resource, path: str, facts: TreeFacts) -> bool:
    """Whether a function may hold the lock where it calls `name`, or hands `name` to somebody who may."""
    if any(name in call.arguments for call in caller.calls()):
        return True
    return perhaps_held(caller, nodes_of(caller, lambda call: call.callee == name), resource, path, facts)


def perhaps_held(graph: Graph, nodes: frozenset[int], resource: Resource, path: str, facts: TreeFacts) -> bool:
    """Whether a function may hold the lock at one of some nodes, by what it does itself."""
    takes = nodes_of(graph, lambda call: perhaps_takes(call, resource, path, facts))
    released = frozenset(node for node, _ in _releases(graph, resource))
    return bool(nodes & (takes | graph.behind(takes, released)))


def _callers(definition: Definition, facts: TreeFacts) -> Iterator[tuple[Definition, Graph]]:
    """The functions of the same file that call one, or hand it on."""
    name = definition.name
    for other in facts.index.functions_in(definition.path):
        caller = facts.index.graph(other) if other.name != name else None
        if caller is not None and any(call.callee == name or name in call.arguments for call in caller.calls()):
            yield other, caller
