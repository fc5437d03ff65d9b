"""Leaf `turns`: a way over one node to another."""

from cocci_gen.code.flow_builder import graph_of
from cocci_gen.code.paths import NoPath, Path, given
from cocci_gen.code.turns import Turn, way_over


def nodes(graph, text):
    """The numbers of the nodes with this text."""
    return [number for number, node in enumerate(graph.nodes) if node.text == text]


def test_what_is_known_before_the_turn_stays_known():
    """`if (ok) unlock(); if (!ok) return 1;` would be a finding otherwise."""
    graph = graph_of(b"int f(int ok) { if (ok) unlock(); if (!ok) return 1; return 0; }", 1)
    (turn,), (one,), (zero,) = nodes(graph, "unlock();"), nodes(graph, "return 1;"), nodes(graph, "return 0;")

    assert NoPath(exhausted=True) == way_over(graph, Turn(turn, "", one, frozenset()))
    assert isinstance(way_over(graph, Turn(turn, "", zero, frozenset())), Path)


def test_nodes_are_blocked_only_behind_the_turn():
    """A lock taken before the release does not take it back."""
    graph = graph_of(b"int f(void) { lock(); unlock(); return 0; }", 1)
    (lock,), (turn,), (end,) = nodes(graph, "lock();"), nodes(graph, "unlock();"), nodes(graph, "return 0;")
    path = way_over(graph, Turn(turn, "", end, frozenset({lock})))

    assert (0, lock, turn, end) == path.nodes


def test_a_blocked_target_is_never_reached():
    """Who takes the lock at the very call that is asked about holds it there."""
    graph = graph_of(b"int f(void) { unlock(); if (lock()) return 1; return 0; }", 1)
    (turn,) = nodes(graph, "unlock();")
    target = next(number for number, node in enumerate(graph.nodes) if node.kind == "condition")

    assert NoPath(exhausted=True) == way_over(graph, Turn(turn, "", target, frozenset({target})))
    assert isinstance(way_over(graph, Turn(turn, "", target, frozenset())), Path)


def test_a_branch_of_the_turn_may_be_demanded():
    """A killable lock is taken where it returns zero, and only there."""
    graph = graph_of(b"int f(void) { if (lock_killable()) return 1; return 0; }", 1)
    turn = next(number for number, node in enumerate(graph.nodes) if node.kind == "condition")
    (one,), (zero,) = nodes(graph, "return 1;"), nodes(graph, "return 0;")

    assert isinstance(way_over(graph, Turn(turn, "false", one, frozenset())), NoPath)
    assert isinstance(way_over(graph, Turn(turn, "false", zero, frozenset())), Path)


def test_what_the_turn_returned_is_known_behind_it():
    """A helper that unlocks only when it fails does not unlock on the way of success."""
    graph = graph_of(b"int f(void) { int err = helper(); if (err) return err; return 0; }", 1)
    (turn,), (bad,), (good,) = (
        nodes(graph, "int err = helper();"), nodes(graph, "return err;"), nodes(graph, "return 0;"),
    )  # fmt: skip
    failing = way_over(graph, Turn(turn, "", bad, frozenset(), "err", True))

    assert isinstance(failing, Path)
    assert set(failing.nodes) <= set(
        range(len(graph.nodes))
    )  # what was put between the copies is no node of the function
    assert NoPath(exhausted=True) == way_over(graph, Turn(turn, "", good, frozenset(), "err", True))
    assert isinstance(way_over(graph, Turn(turn, "", good, frozenset(), "err", False)), Path)


def test_what_is_known_at_the_entry():
    """A constant that the caller passes decides the branch, and so whether the turn is passed at all."""
    graph = graph_of(b"int f(int keep) { if (!keep) unlock(); return 0; }", 1)
    (turn,), (end,) = nodes(graph, "unlock();"), nodes(graph, "return 0;")

    assert NoPath(exhausted=True) == way_over(graph, Turn(turn, "", end, frozenset()), known=given([("keep", "true")]))
    assert isinstance(way_over(graph, Turn(turn, "", end, frozenset()), known=given([("keep", "false")])), Path)
