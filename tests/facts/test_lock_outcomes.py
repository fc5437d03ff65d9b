"""Leaf `lock_outcomes`: when a function comes back without the lock, and what that leaves behind the call."""

from dataclasses import replace

import pytest

from cocci_gen.code.control_flow import Call
from cocci_gen.code.flow_builder import graph_of
from cocci_gen.code.paths import Path, find_path
from cocci_gen.facts.lock_outcomes import PartRelease, When, kept, outcome, told


def graph(body, head="int f(struct inode *i)"):
    """The graph of a function."""
    return graph_of(f"{head} {{ {body} }}".encode(), 1)


def calling(found, *names):
    """The nodes that call one of these."""
    return {at for at, node in enumerate(found.nodes) if any(call.callee in names for call in node.calls)}


@pytest.mark.parametrize(
    ("body", "when"),
    [
        ("look(i); return 0;", When.NEVER),
        ("unlock(i); return 0;", When.ALWAYS),
        ("unlock(i); lock(i); return 0;", When.AGAIN),
        ("if (busy(i)) { unlock(i); return -EAGAIN; } return 0;", When.ON_NONZERO),
        ("if (busy(i)) return -EAGAIN; unlock(i); return 0;", When.ON_ZERO),
        ("int err = 0; if (busy(i)) { unlock(i); err = -EIO; } return err;", When.ON_NONZERO),
        ("if (busy(i)) unlock(i); return 0;", When.SOMETIMES),
        ("if (busy(i)) unlock(i); return look(i);", When.SOMETIMES),
        ("if (busy(i)) unlock(i); wait(i); if (busy(i)) lock(i); return 0;", When.AGAIN),
        ("unlock(i); if (again(i)) lock(i); return 0;", When.SOMETIMES),
    ],
)
def test_when_a_lock_is_gone(body, when):
    """A callee that releases only sometimes counted as one that releases: 0 of 20 such mutants were found."""
    found = graph(body)

    assert when is outcome(found, calling(found, "unlock"), calling(found, "lock"), (), lambda node, label: False)


@pytest.mark.parametrize(
    ("body", "when", "led"),
    [
        ("int r = g(i); if (r) lock(i); return 0;", When.ON_NONZERO, False),
        ("int r = g(i); if (!r) lock(i); return 0;", When.ON_NONZERO, True),
        ("int r; r = g(i); if (r < 0) return r; lock(i); return 0;", When.ON_NONZERO, True),
        ("if (g(i)) lock(i); return 0;", When.ON_NONZERO, False),
        ("if (g(i) < 0) return 1; lock(i); return 0;", When.ON_NONZERO, True),
        ("if (g(i) == 0) lock(i); return 0;", When.ON_ZERO, False),
        ("if (!g(i)) lock(i); return 0;", When.ON_ZERO, False),
        ("int r; if ((r = g(i))) lock(i); return 0;", When.ON_NONZERO, False),
        ("g(i); lock(i); return 0;", When.ON_NONZERO, True),
        ("int r = g(i); if (r) lock(i); return 0;", When.SOMETIMES, True),
    ],
)
def test_what_is_left_behind_the_call(body, when, led):
    """The caller asks what was returned: behind the answer "given up" nothing is taken twice."""
    found = graph(body)
    (node,), (target,) = calling(found, "g"), calling(found, "lock")
    call = next(call for call in found.nodes[node].calls if call.callee == "g")
    way = told(find_path(kept(found, [PartRelease(node, call, when)]), target, ()), found)

    assert isinstance(way, Path) == led
    assert not isinstance(way, Path) or set(way.nodes) <= set(range(len(found.nodes)))


def test_a_callee_that_may_release_makes_a_caller_that_may():
    """Two calls deep it is the same question."""
    found = graph("wrapped(i); return 0;")
    (node,) = calling(found, "wrapped")
    part = PartRelease(node, Call("wrapped", True, ("i",), 1), When.SOMETIMES)

    assert When.SOMETIMES is outcome(found, (), (), [part], lambda node, label: False)
    assert When.AGAIN is outcome(found, (), (), [replace(part, when=When.AGAIN)], lambda node, label: False)
