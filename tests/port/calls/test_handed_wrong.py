"""Instances that hand on what is another structure by now."""

import pytest

HEADER = b"struct perch_operations {\n\tint (*sing)(struct %b *%b, int n);\n};\n"
CODE = b"""\
#include <linux/perch.h>

static int brook_song(int n, %b)
{
	return n + WATCH;
}

static int brook_sing(struct wren *wren, int n)
{
	return n ? brook_song(n, wren) : 0;
}

static const struct perch_operations brook_ops = {
	.sing = brook_sing,
};
"""


@pytest.mark.parametrize(
    ("taken", "told"),
    [
        (b"struct wren *wren", True),
        (b"const struct wren *wren", True),
        (b"void *wren", False),
        (b"struct robin *r", False),
    ],
    ids=["the old one", "the same and const", "anything", "the new one"],
)
def test_a_function_of_the_code_that_takes_the_old_structure_is_told(workshop, taken, told):
    """Where the tree's bodies use the successor as before, the code's own functions were given it in silence."""
    headers = {
        side: {"include/linux/perch.h": HEADER % (tag, tag)} for side, tag in (("old", b"wren"), ("new", b"robin"))
    }
    code = (CODE % taken).replace(b"WATCH", b"watch(%s)" % taken.split()[-1].lstrip(b"*"))
    port = workshop.port({"brook.c": code}, **headers)
    reasons = [one.reason for one in port.leftovers if one.line == 10]

    assert b"brook_sing(struct robin *robin, int n)" in port.ported.texts["brook.c"]
    assert told is ("`robin` is a `struct robin *` by now, and brook_song() takes a `struct wren *`" in reasons)
