"""A macro that is nothing but another call."""

import pytest

from cocci_gen.code.graphs.control_flow import Call
from cocci_gen.kinds.takes.words.behind import call_meant, name_meant

HEAD = """\
#define plain(sb, n) get_it((sb), (n), __func__)
#define twice(sb) plain(sb, 1)
#define more(sb) do { lock(sb); get_it(sb, 1, 0); } while (0)
#define picks(sb) other(get_it(sb, 1, 0))
#define HOLD(inode, n) get_it(&BED_I(inode)->sb, n)
static int get_it(int sb, int n, char *who) { return 0; }
"""


@pytest.mark.parametrize(
    ("call", "meant"),
    [
        (Call("plain", True, ("sb", "n + 1"), 7), Call("get_it", True, ("sb", "n + 1", "__func__"), 7)),
        (Call("twice", True, ("s",), 7), Call("get_it", True, ("s", "1", "__func__"), 7)),
        (Call("more", True, ("s",), 7), None),
        (Call("picks", True, ("s",), 7), None),
        (Call("HOLD", True, ("dir", "2"), 7), None),
        (Call("get_it", True, ("s", "1", "0"), 7), None),
        (Call("plain", False, ("s", "1"), 7), None),
    ],
)
def test_a_macro_that_is_one_call_means_that(facts_of, call, meant):
    """With the arguments that its caller wrote; what does more than one thing is no other name for one of them."""
    facts = facts_of({"fs/a.c": HEAD})

    assert call_meant(call, "fs/a.c", facts.index) == (meant or call)


@pytest.mark.parametrize(
    ("name", "meant"), [("HOLD", "get_it"), ("twice", "get_it"), ("picks", "picks"), ("more", "more")]
)
def test_the_name_of_a_macro(facts_of, name, meant):
    """Who asks only what is called need not know what that is given."""
    assert name_meant(name, "fs/a.c", facts_of({"fs/a.c": HEAD}).index) == meant
