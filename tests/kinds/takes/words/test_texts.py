"""What the text of a function shows without its control flow being read."""

from cocci_gen.kinds.takes.words.texts import given_addresses, handed_on, put_into

TEXT = b"""\
static int f(struct loc *loc, const struct box *box, int n)
{
	int r = fill(n, loc) + fill_deep(key(n), loc /* it */);

	if (seen(loc->bh) || other(n) || apart((struct loc *)n, "x, loc"))
		return at(&loc->bh, key(&n), n);
	macro_of(wrapped(box), n);
	return r;
}
"""


def test_a_helper_is_who_is_handed_a_pointer_as_it_is():
    """Else a helper that fills in the structure of its caller is missed, or every function that is called is parsed for it."""
    given, addressed = handed_on(TEXT)
    assert given == {"fill", "fill_deep", "wrapped"}
    assert addressed == {"at", "key"}


def test_the_address_of_a_part_is_one_behind_other_calls_too():
    """Else the text of a function does not show that it takes what `find(key(n), &walk.at)` leaves there."""
    text = b"int f(void) { if (find(key(n), &walk.at)) return read(n, &bh, 1) + last(deep(&x)) + no(&box->bh); }"

    assert {"find", "read", "deep"} == set(given_addresses(text))


def test_a_structure_whose_name_ends_in_the_word_is_one():
    """Else nothing that is put into a `struct task_struct *` is taken."""
    assert put_into(b"int f(void) { struct task_struct *task = get_it(n); }") == {"task_struct": frozenset({"get_it"})}
