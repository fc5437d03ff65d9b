"""What a call gives when there is nothing to take, by the tests behind it."""

import pytest

from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.code.searches.machines import ERROR
from cocci_gen.kinds.takes.words.nothing import gone_with_owner, nothing_got, nothing_there


@pytest.mark.parametrize(
    ("behind", "got"),
    [
        ("if (!bh) return -5;", {"NULL"}),
        ("if (bh == NULL) return -5;", {"NULL"}),
        ("if (IS_ERR(bh)) return -5;", {"error"}),
        ("if (IS_ERR_OR_NULL(bh)) return -5;", {"error", "NULL"}),
        ("if (!bh) return -5; if (IS_ERR(bh)) return -6;", {"NULL", "error"}),
        ("if (!bh) { bh = ERR_PTR(-5); goto out; } use(bh); if (n) bh = ERR_PTR(-6); out: if (IS_ERR(bh)) n = 1;", {"NULL"}),
        ("if (n) goto out; use(bh); out: if (IS_ERR(bh)) return -5;", {"error"}),
        ("use(bh);", {"NULL"}),
    ],
)  # fmt: skip
def test_the_tests_right_behind_say_what_there_is_when_there_is_nothing(behind, got):
    """Read out of another test, NULL would pass for a buffer head, and who takes for its caller for one that may not."""
    text = f"int f(int n) {{ struct buffer_head *bh = g(n); {behind} return n; }}".encode()
    graph = graph_of(text, 1)
    number = next(n for n, node in enumerate(graph.nodes) if any(call.callee == "g" for call in node.calls))

    found = nothing_got(graph, number, {"bh"})

    assert {"error" if one.pointer == ERROR else "NULL" for one in found} == got


@pytest.mark.parametrize(
    ("test", "told"),
    [
        ("is_uncached_acl(acl)", {("true", "lost")}),
        ("!is_uncached_acl(acl)", {("true", "lost")}),
        ("is_cached_acl(acl)", set()),
        ("is_uncached_acl(other)", set()),
        ("is_uncached_acl(acl) == wanted", set()),
        ("PTR_ERR(acl) == -ENOSPC", {("true", "lost")}),
        ("PTR_ERR(other) == -ENOSPC", set()),
    ],
)
def test_a_mark_in_the_place_of_a_pointer_is_nothing(test, told):
    """A getter that answers "not looked up yet" by a number has taken no reference, and who returns then keeps none."""
    text = f"int f(int n) {{ struct posix_acl *acl = g(n); if ({test}) return 1; return n; }}".encode()

    assert {(label, mark) for (_, label), mark in nothing_there(graph_of(text, 1), ["acl"]).items()} == told


@pytest.mark.parametrize(
    ("test", "told"),
    [
        ("kref_put(&box->count, box_release)", {("true", "unknown")}),
        ("refcount_dec_and_test(&box->inner.count)", {("true", "unknown")}),
        ("kref_put(&other->count, box_release)", set()),
        ("kref_put(count, box_release)", set()),
        ("kref_get_unless_zero(&box->count)", set()),
    ],
)
def test_a_lock_may_go_with_what_it_is_a_part_of(test, told):
    """Behind the last reference the memory of the lock may be somebody else's: that it is still held there cannot be said."""
    text = f"void f(struct box *box) {{ spin_lock(&box->lock); if ({test}) return; spin_unlock(&box->lock); }}".encode()

    assert {(label, mark) for (_, label), mark in gone_with_owner(graph_of(text, 1), "box->lock").items()} == told
