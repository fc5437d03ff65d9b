"""Value, what is known of a C expression, and what the operators of C make of it.

A literal, flags by name, or only that it is not zero; everything else is unknown, and unknown stays unknown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Number:
    """A literal; NULL and false are 0, true is 1."""

    value: int


@dataclass(frozen=True, slots=True)
class Flags:
    """Named constants joined by `|`; "~NAME" is masked out.  `exact` tells that no other bit is set."""

    names: frozenset[str]
    exact: bool


@dataclass(frozen=True, slots=True)
class Nonzero:
    """Known not to be zero."""


@dataclass(frozen=True, slots=True)
class Function:
    """A function by name, as the file `path` sees it: what a caller hands over to be called."""

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing is known."""


Value = Number | Flags | Nonzero | Function | Unknown
Known = Mapping[str, Value]

UNKNOWN = Unknown()
#: Constants that are several others in one.
_SEVERAL = frozenset({"FGP_WRITEBEGIN"})
#: Constants of these families are bits, never zero, and every other name is another bit.
_BITS = re.compile(r"(?:MAY|LOOKUP|IOCB|FAULT_FLAG|FGP|___?GFP)_|__GFP_")

# What a gfp mask allows (include/linux/gfp_types.h).
_RECLAIM = frozenset({"__GFP_DIRECT_RECLAIM", "__GFP_RECLAIM", "__GFP_WAIT"})
_SLEEPING = _RECLAIM | {
    "GFP_KERNEL", "GFP_KERNEL_ACCOUNT", "GFP_NOFS", "GFP_NOIO", "GFP_USER", "GFP_HIGHUSER", "GFP_HIGHUSER_MOVABLE",
    "GFP_PGTABLE_USER", "GFP_PGTABLE_KERNEL", "GFP_TRANSHUGE", "GFP_TEMPORARY",
}  # fmt: skip
_ATOMIC = frozenset({"GFP_ATOMIC", "GFP_NOWAIT"})


def gfp_sleeps(value: Value) -> bool | None:
    """Whether an allocation with this mask may sleep; None when that is not known."""
    if isinstance(value, Number):
        return False if value.value == 0 else None
    if not isinstance(value, Flags):
        return None
    if any(f"~{name}" in value.names for name in _RECLAIM):
        return False
    if value.names & _SLEEPING:
        return True
    if value.names & _ATOMIC or (value.exact and all(name.startswith("__GFP_") for name in value.names)):
        return False
    return None


def truth(value: Value) -> bool | None:
    """Whether a value counts as true; None when that is not known."""
    if isinstance(value, Number):
        return value.value != 0
    if isinstance(value, Nonzero | Function):
        return True
    if isinstance(value, Flags) and any(_BITS.match(name) or name in _SLEEPING | _ATOMIC for name in value.names):
        return True
    return None


def decided(*, found: bool | None) -> Value:
    """1 or 0 for what is decided."""
    return UNKNOWN if found is None else Number(int(found))


def joined(left: Value, right: Value) -> Value:
    """`left | right`."""
    if isinstance(left, Flags) and isinstance(right, Flags):
        return Flags(left.names | right.names, left.exact and right.exact)
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Number) and one.value == 0:
            return other
        if isinstance(one, Flags):
            return Flags(one.names, False)
    return Nonzero() if truth(left) or truth(right) else UNKNOWN


def masked(left: Value, right: Value) -> Value:
    """`left & right`."""
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Number) and one.value == 0:
            return Number(0)
        if isinstance(other, Flags) and other.exact and other.names <= _RECLAIM:
            return decided(found=gfp_sleeps(one))
    if not isinstance(left, Flags) or not isinstance(right, Flags):
        return UNKNOWN
    removed = {name for name in right.names if name.startswith("~")}
    if removed == right.names:
        kept = left.names - {name[1:] for name in removed}
        return (
            Flags(kept | removed, left.exact)
            if kept or removed & {f"~{name}" for name in _RECLAIM}
            else Number(0)
            if left.exact
            else UNKNOWN
        )
    common = left.names & right.names
    if common:
        return Flags(common, False) if any("GFP_" in name for name in common) else Nonzero()
    names = left.names | right.names
    bits = (all(_BITS.match(name) for name in names) or _siblings(left, right)) and not names & _SEVERAL
    return Number(0) if bits and left.exact and right.exact else UNKNOWN


def _siblings(left: Flags, right: Flags) -> bool:
    """Two single constants of one family (`XFS_MMAPLOCK_SHARED`, `XFS_IOLOCK_EXCL`): two bits, as people name them."""
    families = {name.split("_")[0] for name in left.names | right.names}
    return len(left.names) == len(right.names) == len(families) == 1


def equal(left: Value, right: Value) -> bool | None:
    """Whether `left == right`; None when that is not known."""
    if isinstance(left, Number) and isinstance(right, Number):
        return left.value == right.value
    if isinstance(left, Flags) and isinstance(right, Flags) and left.exact and right.exact:
        if left.names == right.names:
            return True
        return False if len(left.names) == len(right.names) == 1 else None
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Number) and one.value == 0 and truth(other):
            return False
    return None
