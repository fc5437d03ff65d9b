"""`code/searches/ways`: a way to a node, over another one first if asked."""

from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.code.searches.paths import NoPath, Path
from cocci_gen.code.searches.ways import way_to
from cocci_gen.code.states.known import given


def nodes(graph, text):
    """The numbers of the nodes with this text."""
    return [number for number, node in enumerate(graph.nodes) if node.text == text]


def test_what_is_known_before_the_turn_stays_known():
    """`if (ok) unlock(); if (!ok) return 1;` would be a finding otherwise."""
    graph = graph_of(b"int f(int ok) { if (ok) unlock(); if (!ok) return 1; return 0; }", 1)
    (turn,), (one,), (zero,) = nodes(graph, "unlock();"), nodes(graph, "return 1;"), nodes(graph, "return 0;")

    assert NoPath(exhausted=True) == way_to(graph, one, (), over=turn)
    assert isinstance(way_to(graph, zero, (), over=turn), Path)


def test_nodes_are_blocked_only_behind_the_turn():
    """A lock taken before the release does not take it back."""
    graph = graph_of(b"int f(void) { lock(); unlock(); return 0; }", 1)
    (lock,), (turn,), (end,) = nodes(graph, "lock();"), nodes(graph, "unlock();"), nodes(graph, "return 0;")
    path = way_to(graph, end, frozenset({lock}), over=turn)

    assert (0, lock, turn, end) == path.nodes


def test_a_blocked_target_is_never_reached():
    """Who takes the lock at the very call that is asked about holds it there."""
    graph = graph_of(b"int f(void) { unlock(); if (lock()) return 1; return 0; }", 1)
    (turn,) = nodes(graph, "unlock();")
    target = next(number for number, node in enumerate(graph.nodes) if node.kind == "condition")

    assert NoPath(exhausted=True) == way_to(graph, target, frozenset({target}), over=turn)
    assert isinstance(way_to(graph, target, (), over=turn), Path)


def test_what_is_known_at_the_entry():
    """A constant that the caller passes decides the branch, and so whether the turn is passed at all."""
    graph = graph_of(b"int f(int keep) { if (!keep) unlock(); return 0; }", 1)
    (turn,), (end,) = nodes(graph, "unlock();"), nodes(graph, "return 0;")

    assert NoPath(exhausted=True) == way_to(graph, end, (), over=turn, known=given([("keep", "true")]))
    assert isinstance(way_to(graph, end, (), over=turn, known=given([("keep", "false")])), Path)
