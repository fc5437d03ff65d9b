"""A function and the name of a lock in a structure -> what its calls do to it: take it, give it back, demand it.

Locks of a file system's own are known by the member that they are (`&node->table_lock`): which node it is, nobody says, and a
lock of that name that is taken on the way counts as the one that is meant.  So what is found here is too little, never too much.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from cocci_gen.code.graphs.control_flow import Call, Graph
from cocci_gen.document.vocabulary import Calls, lock_takers, vocabulary
from cocci_gen.facts.calls.page_calls import call_vocabulary
from cocci_gen.facts.tree.definitions import Definition
from cocci_gen.facts.tree.index import KernelIndex
from cocci_gen.facts.tree.macros import macros_of
from cocci_gen.facts.tree.shared import shared

#: Calls deep that a lock of that name is looked for.
DEPTH = 4
_MEMBER = re.compile(r"^&?\(?\w+(?:(?:->|\.)\w+|\([^()]*\)|\[[^\]]*\])*(?:->|\.)(\w+)\)?$")
_MUST_HOLD = re.compile(rb"__must_hold ?\(\s*&?\w+(?:->|\.)(\w+)\s*\)")
_LOCKISH = re.compile(r"lock|mutex|guard|down_|sem(?:_|$)", re.I)
_NO_LOCK = re.compile(r"unlock|assert|lockdep|blocks?(?:_|$|\d)|is_locked|init|might_|destroy|_key\b", re.I)


def member_of(argument: str) -> str:
    """The member that an argument is: `&node->table_lock` -> `table_lock`, "" for anything else."""
    match = _MEMBER.match(argument.strip())
    return match[1] if match else ""


def lock_releases() -> frozenset[str]:
    """The functions that give locks of any family back."""
    families = (one.family.calls for one in vocabulary().resources.values())
    return frozenset(name for calls in families for name in (*calls.release, *calls.release_shared))


def lock_asserts() -> frozenset[str]:
    """The functions that complain unless their argument is held."""
    families = (one.family.calls for one in vocabulary().resources.values())
    return frozenset(name for calls in families for name in calls.asserts)


def known_members() -> frozenset[str]:
    """The locks that locking.rst itself may speak of: who holds them is not for the file system to say."""
    return frozenset(member for one in vocabulary().resources.values() for member in one.members)


class MemberLocks:
    """What the functions of one index do to locks by the name of the member; every answer is remembered."""

    def __init__(self, index: KernelIndex) -> None:
        self.index = index
        self._touched: dict[tuple[Definition, str, frozenset[str], int], bool] = {}
        self._demands: dict[Definition, tuple[tuple[str, int], ...]] = {}
        self._takers: dict[tuple[str, str], frozenset[str]] = {}

    def takes(self, call: Call, member: str, path: str, depth: int = DEPTH) -> bool:
        """Whether a call may take a lock of that name, itself or further down; so may what is unseen and sounds like a lock."""
        if call.callee in lock_takers() or call.callee.startswith(("guard(", "scoped_guard(")):
            return not call.arguments or member_of(call.arguments[0]) in ("", member)
        if not call.direct:
            return True
        if call.callee in lock_releases() | lock_asserts():
            return False
        sort = self._sort(member, path)
        definitions = self.index.resolve(call.callee, path)
        if definitions:
            return depth > 0 and any(self._inside(one, member, sort, depth) for one in definitions)
        macro = macros_of(self.index).of(call.callee, path)
        if macro is not None:
            inner = macro.graph.calls() if depth else ()
            return any(self.takes(one, member, macro.path, depth - 1) for one in inner)
        return not call_vocabulary().is_neutral(call.callee) and _sounds_like_a_lock(call.callee)

    def _sort(self, member: str, path: str) -> frozenset[str]:
        """What takes locks of the sort that the one of that name is, by what a file does to it; else of any sort."""
        if (member, path) not in self._takers:
            done = re.compile(rf"\b(\w+) ?\(\s*&[^;{{}}]*?(?:->|\.){re.escape(member)}\s*[,)]".encode())
            names = {name.decode() for name in done.findall(self.index.text(path))}
            families = {one.family.name: one.family.calls for one in vocabulary().resources.values()}
            sorts = {
                name for name, calls in families.items() if names & {*calls.take, *calls.take_shared, *_gives(calls)}
            }
            self._takers[member, path] = lock_takers(sorts.pop()) if len(sorts) == 1 else lock_takers()
        return self._takers[member, path]

    def _inside(self, definition: Definition, member: str, sort: frozenset[str], depth: int) -> bool:
        key = (definition, member, sort, depth)
        if key not in self._touched:
            self._touched[key] = False  # who calls himself adds nothing
            text = self.index.text_of(definition)
            graph = self.index.graph(definition)
            self._touched[key] = graph is None or (
                any(_may_be(call, member, sort) for call in graph.calls())
                or any(self._deeper(call, member, definition.path, sort, depth) for call in graph.calls())
                or b"guard(" in text
            )
        return self._touched[key]

    def _deeper(self, call: Call, member: str, path: str, sort: frozenset[str], depth: int) -> bool:
        if not call.direct or depth <= 1:
            return False
        return any(self._inside(one, member, sort, depth - 1) for one in self.index.resolve(call.callee, path))

    def demands(self, definition: Definition) -> tuple[tuple[str, int], ...]:
        """(member, line) of the locks that a function says are held when it is called: by `__must_hold()` in its head, or by
        assertions that every way through it comes to before any branch."""
        if definition not in self._demands:
            self._demands[definition] = tuple(self._read(definition))
        return self._demands[definition]

    def _read(self, definition: Definition) -> Iterable[tuple[str, int]]:
        text = self.index.text_of(definition)
        head = text.split(b"{", 1)[0]
        for match in _MUST_HOLD.finditer(head):
            yield match[1].decode(), definition.span.line
        if b"assert" not in text:
            return
        graph = self.index.graph(definition)
        for call in _first_calls(graph) if graph is not None else ():
            member = member_of(call.arguments[0]) if call.arguments and call.callee in lock_asserts() else ""
            if member:
                yield member, call.line


def _may_be(call: Call, member: str, sort: frozenset[str]) -> bool:
    """Whether a call takes the lock of that name, or one without a name that is of its sort."""
    named = member_of(call.arguments[0]) if call.arguments else ""
    return call.callee in lock_takers() and (named == member or (not named and call.callee in sort))


def _gives(calls: Calls) -> tuple[str, ...]:
    return (*calls.release, *calls.release_shared)


def _sounds_like_a_lock(callee: str) -> bool:
    return _LOCKISH.search(callee) is not None and not _NO_LOCK.search(callee)


def _first_calls(graph: Graph) -> Iterable[Call]:
    """The calls of a function before its first branch, and before anything that may take a lock."""
    number, seen = 0, set[int]()
    while number not in seen:
        seen.add(number)
        node = graph.nodes[number]
        for call in node.calls:
            if call.callee in lock_takers() or _sounds_like_a_lock(call.callee):
                return
            yield call
        if len(node.successors) != 1:
            return
        number = node.successors[0][0]


def member_locks(index: KernelIndex) -> MemberLocks:
    """What is known of the locks of a tree, shared by all who ask."""
    return shared(index, MemberLocks)
