"""The lock that a caller holds and a call -> whether the call is about that lock, and what it does with it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sized
from dataclasses import dataclass
from enum import Enum

from cocci_gen.code.graphs.control_flow import Call
from cocci_gen.document.vocabulary import Resource
from cocci_gen.facts.locks.lock_objects import LockObjects, Names, lock_objects

_GUARD = re.compile(r"^(?:scoped_)?guard ?\((\w+)\)$")


class Act(Enum):
    """What a call does to the lock itself: TRANSIENT takes it and releases it before it comes back, if it takes it at all."""

    NOTHING = "nothing"
    RELEASE = "release"
    EXCLUSIVE = "exclusive"
    SHARED = "shared"
    TRANSIENT = "transient"


@dataclass(frozen=True, slots=True)
class Held:
    """The lock that the caller holds: the object that it belongs to ("" for a global lock) and its resource."""

    object: str
    resource: Resource

    def members(self, objects: LockObjects) -> frozenset[tuple[str, str]]:
        """(object, field) of every place where the lock may be found."""
        found = {(self.object, member) for member in self.resource.members}
        found |= {tuple(other.split(".")) for other in objects.member.get(self.resource.name, ())}  # type: ignore[misc]
        return frozenset(found)

    def is_owner(self, call: Call, names: Names) -> bool:
        """Whether a call is given the object that the lock belongs to."""
        return bool(call.arguments and self.object) and lock_objects().denoted(call.arguments[0], names) == self.object

    def is_member(self, call: Call, names: Names) -> bool:
        """Whether a call is given the lock itself."""
        if not call.arguments:
            return False
        if not self.object:
            return call.arguments[0].lstrip("& ") in self.resource.members
        objects = lock_objects()
        return objects.member_of(call.arguments[0], names) in self.members(objects)

    def is_meant(self, call: Call, names: Names) -> bool:
        """Whether a call is given the lock or its owner."""
        return self.is_owner(call, names) or self.is_member(call, names)

    def act(self, call: Call, names: Names, defined: Callable[[str], Sized]) -> Act:
        """What a call does to the lock by its name; `defined` tells whether the tree shows what a callee does inside."""
        guard = _GUARD.match(call.callee)
        if guard and self.is_member(call, names):
            return Act.SHARED if "read" in guard.group(1) else Act.EXCLUSIVE
        if not call.direct:
            return Act.NOTHING
        own, family, mm = self.resource.calls, self.resource.family.calls, self.object == "mm"
        if mm and call.callee in own.transient_exclusive:
            return Act.EXCLUSIVE
        if call.callee in own.transient and (mm or (self.is_owner(call, names) and not defined(call.callee))):
            return Act.TRANSIENT
        for act, mine, general in (
            (Act.RELEASE, own.release + own.release_shared, family.release + family.release_shared),
            (Act.EXCLUSIVE, own.take, family.take),
            (Act.SHARED, own.take_shared, family.take_shared),
        ):
            if call.callee in mine and (self.is_owner(call, names) or not self.object):
                return act
            if call.callee in general and self.is_member(call, names):
                return act
        return Act.NOTHING

    def attempts(self, call: Call) -> bool:
        """Whether a call tries to take a lock of this family."""
        own, family = self.resource.calls, self.resource.family.calls
        return call.callee in own.attempt + own.attempt_shared + family.attempt + family.attempt_shared

    def asserts(self, call: Call, names: Names) -> bool:
        """Whether a call complains unless the lock is held."""
        if call.callee in self.resource.calls.asserts:
            return self.is_owner(call, names)
        return call.callee in self.resource.family.calls.asserts and self.is_member(call, names)
