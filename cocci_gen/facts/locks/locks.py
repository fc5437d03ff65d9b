"""A function and a lock that its caller holds -> Behaviour, where it is taken again and released.

The search goes down from the method: a callee is entered only with an argument from which the held object can be reached,
and under the names that the arguments give it.  Wrappers need no list: an inline function or a macro that takes the semaphore of
its argument is found by its body.  What it cannot follow (pointers, functions without definition) takes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from cocci_gen.code.graphs.agreement import repeated_tests
from cocci_gen.code.graphs.control_flow import Call, Graph, Node
from cocci_gen.code.searches.explorations import Exploration
from cocci_gen.code.searches.paths import NoPath, Path
from cocci_gen.code.searches.search import Question, explore
from cocci_gen.code.searches.ways import way_in
from cocci_gen.facts.calls.steps import Step
from cocci_gen.facts.locks.held import Act, Held
from cocci_gen.facts.locks.lock_objects import Names, lock_objects
from cocci_gen.facts.locks.lock_outcomes import LOCK, LOCKED, PartRelease, When, lock_events, outcome
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.macros import Macro, macros_of
from cocci_gen.facts.tree.shared import shared

#: Calls deep that a lock is looked for; the deepest true chain of 6.1 is five.
DEPTH = 6

_LEFT_OUT = re.compile(r"^(?:trace_|_?pr_|dev_|netdev_|printk|lockdep_|kasan_|WARN|BUG|VM_|assert_|might_)")
_IS_LOCKED = re.compile(r"^(?:(?:inode|rwsem|mutex|spin)_is_locked|lockdep_is_held|folio_test_locked|PageLocked)$")
_CONSTANT = re.compile(r"^(?:-?\d\w*|[A-Z][A-Z0-9_]*(?: ?\| ?[A-Z][A-Z0-9_]*)*|NULL|true|false)$")
_ZERO = frozenset({"0", "NULL", "false", "0UL"})


@dataclass(frozen=True, slots=True)
class Event:
    """A call that takes the held lock, itself or further down: `steps` lead to the call that takes it.

    `sure` is False where one of several definitions takes it, or where a function on the way did not parse as a whole.
    """

    node: int
    call: Call
    shared: bool
    transient: bool
    sure: bool
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What a function does with the held lock: calls that take it, calls (node, callee as written) that release it, and calls
    of functions that release it on some of their ways."""

    events: tuple[Event, ...]
    releases: tuple[tuple[int, Call], ...]
    parts: tuple[PartRelease, ...] = ()

    @property
    def released(self) -> frozenset[int]:
        """The nodes behind which the lock is no longer held."""
        return frozenset(node for node, _ in self.releases)


@dataclass(frozen=True, slots=True)
class _Summary:
    """A callee seen from outside: the shortest way to a call that takes the lock, and when it comes back without it."""

    taken: tuple[Event, ...]
    releases: When


_Key = tuple[Definition | Macro, str, str, tuple[str, ...], tuple[str, ...]]
_NOTHING = _Summary((), When.NEVER)


class LockSearch:
    """Lock behaviour of the functions of one index; every answer is remembered."""

    def __init__(self, index: KernelIndex) -> None:
        self.index = index
        self.objects = lock_objects()
        self._known: dict[_Key, _Summary] = {}
        self._open: set[_Key] = set()

    def behaviour(self, graph: Graph, path: str, given: Names, held: Held, depth: int = DEPTH) -> Behaviour:
        """What a function does with `held` when its parameters denote the objects of `given`."""
        names = self.objects.local_names(graph, given)
        if held.object == "mm":
            names["current->mm"] = "mm"
        events: list[Event] = []
        releases: list[tuple[int, Call]] = []
        parts: list[PartRelease] = []
        for number, node in enumerate(graph.nodes):
            for call in node.calls:
                found = self._call(number, call, path, names, held, depth, graph)
                if isinstance(found, Event):
                    events.append(found)
                elif found is When.ALWAYS:
                    releases.append((number, call))
                elif found is not When.NEVER:
                    parts.append(PartRelease(number, call, found))
        return Behaviour(tuple(events), tuple(releases), tuple(parts))

    @staticmethod
    def explored(
        graph: Graph, behaviour: Behaviour, names: Names, held: Held, constants: Mapping[str, str]
    ) -> Exploration:
        """In which states of the lock the ways of a function come where."""
        events = lock_events(
            graph, [(one.node, one.call) for one in behaviour.events], behaviour.releases, behaviour.parts
        )
        refused, agreeing = _refusal(names, held, constants), frozenset(repeated_tests(graph))
        return explore(Question(graph, LOCK, events, LOCK.start, refused=refused, agreeing=agreeing))

    @staticmethod
    def way(
        graph: Graph, event: Event, behaviour: Behaviour, names: Names, held: Held, constants: Mapping[str, str]
    ) -> Path | NoPath:
        """A feasible way to an event on which the lock is still held (a Path), or a NoPath."""
        return way_in(LockSearch.explored(graph, behaviour, names, held, constants), event.node, LOCKED)

    @staticmethod
    def reaching(target: str) -> frozenset[str]:
        """The objects from which `target` can be reached."""
        return _reaching(target)

    # One call.

    def _call(
        self, number: int, call: Call, path: str, names: Names, held: Held, depth: int, graph: Graph
    ) -> Event | When:
        """An Event when the call takes the held lock, else when it releases it."""
        act = held.act(call, names, self.index.definitions)
        if act is Act.RELEASE:
            return When.ALWAYS
        if act is not Act.NOTHING:
            shared, transient = act is Act.SHARED, act is Act.TRANSIENT
            note = f"{call.callee}() takes {held.resource.name}" + (" shared" if shared else "")
            return Event(number, call, shared, transient, True, (Step(path, call.line, note),))
        if not call.direct or depth == 0 or _LEFT_OUT.match(call.callee) or held.attempts(call):
            return When.NEVER
        arguments = tuple(self.objects.denoted(text, names) for text in call.arguments)
        if held.object and not any(argument in LockSearch.reaching(held.object) for argument in arguments):
            return When.NEVER
        summary = self._callee(call, path, arguments, held, depth)
        if summary.taken:
            first = summary.taken[0]
            step = Step(path, call.line, f"{graph.name}() calls {call.callee}()")
            return Event(number, call, first.shared, first.transient, first.sure and graph.whole, (step, *first.steps))
        return summary.releases

    # Callees.

    def _callee(self, call: Call, path: str, arguments: tuple[str, ...], held: Held, depth: int) -> _Summary:
        definitions: tuple[Definition | Macro, ...] = self.index.resolve(call.callee, path)
        if not definitions and (macro := macros_of(self.index).of(call.callee, path)) is not None:
            definitions = (macro,)
        if not definitions or len(definitions) > 4:
            return _NOTHING
        constants = tuple(text if _CONSTANT.match(text) else "" for text in call.arguments)
        found = [self._summary(definition, arguments, constants, held, depth - 1) for definition in definitions]
        taken = sorted(
            (event for one in found for event in one.taken), key=lambda event: (event.shared, len(event.steps))
        )
        if taken and not all(one.taken for one in found):
            first = taken[0]
            taken = [Event(first.node, first.call, first.shared, first.transient, False, first.steps)]
        releases = {one.releases for one in found}
        return _Summary(tuple(taken[:1]), releases.pop() if len(releases) == 1 else When.SOMETIMES)

    def _summary(
        self,
        definition: Definition | Macro,
        arguments: tuple[str, ...],
        constants: tuple[str, ...],
        held: Held,
        depth: int,
    ) -> _Summary:
        key = (definition, held.resource.name, held.object, arguments, constants)
        if key in self._known:
            return self._known[key]
        if key in self._open:
            return _NOTHING
        graph = definition.graph if isinstance(definition, Macro) else self.index.graph(definition)
        if graph is None:
            return _NOTHING
        self._open.add(key)
        given = {p.name: found for p, found in zip(graph.parameters, arguments, strict=False) if p.name and found}
        summary = self._summarised(graph, definition.path, given, _constants(graph, constants), held, depth)
        self._open.discard(key)
        self._known[key] = summary
        return summary

    def _summarised(
        self, graph: Graph, path: str, given: Names, constants: Mapping[str, str], held: Held, depth: int
    ) -> _Summary:
        behaviour = self.behaviour(graph, path, given, held, depth)
        names = self.objects.local_names(graph, given)
        if not (behaviour.events or behaviour.releases or behaviour.parts):
            return _NOTHING  # most functions: nothing is searched
        seen = self.explored(graph, behaviour, names, held, constants)
        events = sorted(behaviour.events, key=lambda event: (event.shared, len(event.steps)))
        taken = (event for event in events if isinstance(way_in(seen, event.node, LOCKED), Path))
        return _Summary(tuple(taken)[:1], outcome(seen))


def _refusal(names: Names, held: Held, constants: Mapping[str, str]) -> Callable[[Node, str], bool]:
    """Branches that cannot be taken with the lock held and with what a caller passes."""

    def refused(node: Node, label: str) -> bool:
        return contradicts(node, label, names, held) or _constant_refuses(node.text, label, constants)

    return refused


def passed(graph: Graph, arguments: tuple[str, ...]) -> Callable[[Node, str], bool]:
    """The branches of a function that cannot be taken with the constants that one call passes."""
    constants = _constants(graph, tuple(text if _CONSTANT.match(text) else "" for text in arguments))
    return lambda node, label: _constant_refuses(node.text, label, constants)


def lock_search(index: KernelIndex) -> LockSearch:
    """The one search of an index, which remembers what it found."""
    return shared(index, LockSearch)


def _constants(graph: Graph, texts: tuple[str, ...]) -> dict[str, str]:
    """Parameter -> the constant that it holds throughout the function."""
    assigned = {assignment.left for assignment in graph.assignments()}
    return {
        p.name: text
        for p, text in zip(graph.parameters, texts, strict=False)
        if p.name and text and p.name not in assigned
    }


def _constant_refuses(text: str, label: str, constants: Mapping[str, str]) -> bool:
    """Whether what a caller passes decides the test `text` the other way."""
    match = re.fullmatch(r"(\w+)(?: ?(==|!=|&) ?(\w+))?", text)
    if not match or match.group(1) not in constants or label not in ("true", "false"):
        return False
    value, operator, other = constants[match.group(1)], match.group(2), match.group(3)
    parts = [part.strip() for part in value.split("|")]
    if operator is None:
        truth = value not in _ZERO
    elif operator == "&":
        truth = other in parts
    elif _CONSTANT.match(other):
        truth = (value == other) == (operator == "==")
    else:
        return False
    return truth != (label == "true")


@cache
def _reaching(target: str) -> frozenset[str]:
    objects = lock_objects()
    steps = [(key.split(".")[0], after) for key, after in objects.field.items()]
    steps += [pair for pairs in objects.function.values() for pair in pairs.items()]
    steps += [("inode", "inode_private"), ("disk_private", "disk")]
    found = {target}
    found |= {
        other.split(".")[0]
        for name, others in objects.member.items()
        if objects.held[name] == target
        for other in others
    }
    while more := {before for before, after in steps if after in found} - found:
        found |= more
    return frozenset(found)


def contradicts(node: Node, label: str, names: Names, held: Held) -> bool:
    """Whether a branch says that the held lock is free: a trylock that succeeds, a test that finds it unlocked."""
    for call in node.calls:
        if _IS_LOCKED.match(call.callee) and held.is_meant(call, names):
            return label == "false"
        if held.attempts(call) and held.is_meant(call, names):
            return label == "true"
    return False
