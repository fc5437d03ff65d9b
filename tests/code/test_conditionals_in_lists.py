"""What a conditional in an odd place costs: its own lines, and nothing behind them."""

from cocci_gen.code.texts.directives import settled
from cocci_gen.code.texts.source import EVERY, file_facts

LABEL = b"""static int fern_open(struct inode *inode)
{
#ifndef HAVE_FROND
	int tries = 3;
retry:
#endif
	return fern_try(inode);
}

static int fern_close(struct inode *inode)
{
	return 0;
}
"""
LIST = b"""static const struct file_operations fern_ops = {
#ifdef HAVE_ITER
	.read_iter = fern_read_iter,
# if !defined(HAVE_SYNC)
	.read = fern_read,
# endif
#else
	.read = fern_old_read,
#endif
	.open = fern_open,
};
"""
BROKEN = b"""static int bad(
@ $ %%
}

""" + b"".join(b"static int good_%d(void)\n{\n\treturn %d;\n}\n\n" % (n, n) for n in range(4))


def _functions(text):
    return [(one.name, one.line, one.whole) for one in file_facts(text, EVERY).functions]


def test_a_label_before_endif_costs_nothing():
    """zvol_open() of ZFS took the next 1,200 lines with it."""
    assert [("fern_open", 1, True), ("fern_close", 10, True)] == _functions(LABEL)
    assert b"#ifndef HAVE_FROND" in settled(LABEL), "spatch reads it as it stands"


def test_every_side_of_a_list_counts():
    """C has no conditionals in an initialiser for tree-sitter; each entry may be the one that is compiled."""
    found = [(one.method, one.function) for one in file_facts(LIST, EVERY).entries]

    assert found == [
        ("read_iter", "fern_read_iter"),
        ("read", "fern_read"),
        ("read", "fern_old_read"),
        ("open", "fern_open"),
    ]


def test_what_cannot_be_read_does_not_take_the_rest_with_it(monkeypatch):
    """Read piece by piece, each function is there once, and at its place: a graph is read from there."""
    monkeypatch.setattr("cocci_gen.code.texts.source._LARGE_HOLE", 0)
    monkeypatch.setattr("cocci_gen.code.texts.source._holes", lambda root, functions: ((1, BROKEN.count(b"\n")),))
    found = [one for one in file_facts(BROKEN, EVERY).functions if one.name.startswith("good")]

    assert [f"good_{n}" for n in range(4)] == [one.name for one in found]
    assert all(BROKEN[one.start : one.end].endswith(b"}") for one in found)
    assert all(BROKEN.split(b"\n")[one.line - 1].startswith(b"static") for one in found)
