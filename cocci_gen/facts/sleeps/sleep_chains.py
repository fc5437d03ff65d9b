"""What the call graph has to say of a method: Setting -> Reach, a Chain of Links to what is forbidden."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from cocci_gen.code.graphs.control_flow import Call
from cocci_gen.code.searches.paths import NoPath, Path


class Forbidden(Enum):
    """What must not be reached: a sleep, a call that interrupts forbid, or what rcu-walk does not hold."""

    SLEEP = "sleep"
    INTERRUPTS = "interrupts"
    UNPINNED = "unpinned"


@dataclass(frozen=True, slots=True)
class Setting:
    """Where a method runs: what is forbidden there, and whether it may be an interrupt; `directory` tells that its inode is
    a directory."""

    forbidden: Forbidden
    interrupt: bool = False
    directory: bool = False


@dataclass(frozen=True, slots=True)
class Test:
    """An undecided test on the way to a call: `correlated` says why its outcome probably depends on the bindings, `state` that
    it picks one state among several."""

    text: str
    label: str
    line: int
    correlated: str
    state: bool


@dataclass(frozen=True, slots=True)
class Link:
    """One call of a chain, in a file; `doubt` says what is not certain about it, or "", `tests` are those on the way to it
    that the bindings do not decide, and `nested` tells that the source shows the call inside a block of the function."""

    caller: str
    callee: str
    file: str
    line: int
    doubt: str
    tests: tuple[Test, ...] = ()
    nested: bool = False


@dataclass(frozen=True, slots=True)
class Chain:
    """The calls from a function to the forbidden one, and why that one is forbidden."""

    links: tuple[Link, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Reach:
    """A call in a function that leads to what is forbidden: the node, the call, the chain from there, and the way to the node."""

    node: int
    call: Call
    chain: Chain
    path: Path | NoPath
