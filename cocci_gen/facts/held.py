"""The lock that a caller holds and a call -> whether the call is about that lock, and what it does with it."""

from __future__ import annotations

from dataclasses import dataclass

from cocci_gen.code.control_flow import Call
from cocci_gen.document.vocabulary import Resource
from cocci_gen.facts.lock_objects import LockObjects, Names, lock_objects


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

    def attempts(self, call: Call) -> bool:
        """Whether a call tries to take a lock of this family."""
        own, family = self.resource.calls, self.resource.family.calls
        return call.callee in own.attempt + own.attempt_shared + family.attempt + family.attempt_shared

    def asserts(self, call: Call, names: Names) -> bool:
        """Whether a call complains unless the lock is held."""
        if call.callee in self.resource.calls.asserts:
            return self.is_owner(call, names)
        return call.callee in self.resource.family.calls.asserts and self.is_member(call, names)
