"""Leaf `lock_outcomes`: when a function comes back without the lock, and what that leaves behind the call."""

import pytest

from cocci_gen.code.graphs.agreement import repeated_tests
from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.code.searches.paths import Path
from cocci_gen.code.searches.search import Question, explore
from cocci_gen.code.searches.ways import way_in
from cocci_gen.facts.locks.lock_outcomes import LOCK, LOCKED, PartRelease, When, lock_events, outcome


def graph(body, head="int f(struct inode *i)"):
    """The graph of a function."""
    return graph_of(f"{head} {{ {body} }}".encode(), 1)


def calling(found, name):
    """(node, call) of the calls of a function."""
    return [(at, call) for at, node in enumerate(found.nodes) for call in node.calls if call.callee == name]


def searched(found, part=When.NEVER):
    """The search over a function that calls lock(), unlock() and g(), which releases on some of its ways."""
    parts = [PartRelease(node, call, part) for node, call in calling(found, "g")]
    events = lock_events(found, calling(found, "lock"), calling(found, "unlock"), parts)
    return explore(Question(found, LOCK, events, LOCK.start, agreeing=frozenset(repeated_tests(found))))


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
    assert when is outcome(searched(graph(body)))


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
    ((target, _),) = calling(found, "lock")

    assert isinstance(way_in(searched(found, when), target, LOCKED), Path) == led


@pytest.mark.parametrize("when", [When.SOMETIMES, When.AGAIN])
def test_a_callee_that_may_release_makes_a_caller_that_may(when):
    """Two calls deep it is the same question."""
    assert when is outcome(searched(graph("g(i); return 0;"), when))


def test_what_is_returned_goes_up():
    """A wrapper that hands on what its callee returns releases when that does."""
    assert When.ON_NONZERO is outcome(searched(graph("return g(i);"), When.ON_NONZERO))
    assert When.ON_ZERO is outcome(searched(graph("int r = g(i); return r;"), When.ON_ZERO))


def test_what_a_function_takes_itself_is_its_own():
    """It takes the lock of another object by the same name and gives that back: the caller's is still held."""
    assert When.NEVER is outcome(searched(graph("lock(i); unlock(i); return 0;")))
