"""Functions that return something else by now."""

import pytest

from cocci_gen.port.changes.comparison import compare
from cocci_gen.port.changes.evolutions import FunctionChanged
from cocci_gen.port.changes.header_declarations import read_headers
from cocci_gen.port.remains.changed_values import told_truth, turned, used_values

USES = b"""int f(struct bin *b)
{
	bin_fill(b);
	(void)bin_fill(b);
	if (bin_fill(b))
		bin_fill(b);
	b->full = bin_fill(b);
	/* bin_fill(b) */
	return bin_fill(b);
}
"""


def left(old, new, own=(), as_before=()):
    """The types that bin_fill() returned and returns -> the lines that are told of a file."""
    sides = [read_headers([("bin.h", b"%s bin_fill(struct bin *b);\n" % kind)]) for kind in (old, new)]
    changed = [one for one in compare(*sides, (), ()) if isinstance(one, FunctionChanged)]
    return [(one.line, one.reason) for one in used_values(changed, {"a.c": USES}, {}, own, as_before)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"int", b"bool"),
        (b"bool", b"long"),
        (b"bool", b"enum bin_reason"),
        (b"bin_status_t", b"bool"),
        (b"int", b"void"),
        (b"int", b"char *"),
    ],
)
def test_a_value_that_may_say_the_opposite_is_told(old, new):
    """`if (badblocks_set(...))` compiles as before, and would run the path of the error where all went well."""
    told = left(old, new)

    assert [5, 7, 9] == [line for line, _ in told]
    assert all(f"returns `{new.decode()}` instead of `{old.decode()}`" in reason for _, reason in told)


@pytest.mark.parametrize(
    "given",
    [
        (b"int", b"long"),
        (b"void", b"int"),
        (b"void", b"bool"),
        (b"bool", b"__marked bool"),
        (b"int", b"bool", ("bin_fill",)),
        (b"int", b"bool", (), ("bin_fill",)),
    ],
    ids=["a number", "nothing before", "nothing before true or false", "marked", "its own", "used as before"],
)
def test_a_value_that_says_what_it_said_is_not_told(given):
    """A number that is longer by now would send a person to each of its calls."""
    assert [] == left(*given)


def test_nothing_else_has_a_value():
    """The header of a structure would be asked for what it returns."""
    assert not any(turned(one) for one in compare(read_headers([("a.h", b"#define A 1\n")]), read_headers([]), (), ()))


@pytest.mark.parametrize(
    ("value", "truth"),
    [
        ("bin_test(bin_of(b))", True),
        ("bin_count(b)", False),
        ("!b->rest", True),
        ("b->rest == 0", True),
        ("(b->rest < 3)", True),
        ("b->rest << 3", False),
        ("b->next", False),
        ("-1", False),
        ("first(b->a == 1)", False),
        ("bin_test(b) + bin_test(b)", False),
    ],
)
def test_what_was_true_or_false_all_along_still_is(value, truth):
    """`if (PageUptodate(page))` would be told at each place, since its `int` is called `bool` by now."""
    sides = [read_headers([("bin.h", b"%s bin_fill(struct bin *b);\n" % kind)]) for kind in (b"int", b"bool")]
    changed = compare(*sides, (), ())
    inline = {"bin_fill": f"static inline int bin_fill(struct bin *b)\n{{\n\treturn {value};\n}}"}
    found = told_truth(
        changed, lambda name: inline.get(name, ""), {"bin_test": "bool", "bin_count": "int", "first": "int"}.get
    )

    assert ({"bin_fill"} if truth else set()) == found
