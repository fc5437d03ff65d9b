"""Detours: a way past a release, to it once more, or to a helper in its place; each only where it breaks something."""

import pytest

from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.code.texts.source import file_facts
from cocci_gen.corpus.mutants.detour_mutations import early_returns, guarded, once_more, released_otherwise, too_early
from cocci_gen.corpus.mutants.mutations import Body
from cocci_gen.corpus.mutants.partial_mutations import partial_breaks
from cocci_gen.corpus.mutants.slip_mutations import Kept
from cocci_gen.facts.tree.definitions import Definition

TEXT = b"""\
int f(struct s *s, int n)
{
	struct buffer_head *bh = sb_bread(s, n);
	int err = -EIO;

	if (!bh)
		goto out;
	if (n > 3)
		goto release;
	if (n > 1) {
		brelse(bh);
		goto out;
	}
	if (s->full)
		note(s);
	if (s->kept)
		brelse(bh);
	mark(s);
	forget(s);
	return -EIO;
release:
	if (s->late)
		note(s);
	brelse(bh);
out:
	return err;
}
"""


@pytest.fixture
def kept():
    """The buffer head of the function, and its three releases."""
    [span] = file_facts(TEXT, frozenset()).functions
    graph = graph_of(TEXT, 1)

    def of(name):
        return frozenset(n for n, node in enumerate(graph.nodes) if any(call.callee == name for call in node.calls))

    definition = Definition("f.c", "0", span)
    return Kept(definition, graph, Body(definition, TEXT), of("sb_bread"), of("brelse"), lambda *_: True, deep=False)


def _release(kept, line):
    [statement] = kept.body.calls("brelse", line)
    return statement, frozenset(n for n, node in enumerate(kept.graph.nodes) if node.line == line)


def test_a_jump_to_a_release_becomes_the_return_behind_it(kept):
    """One where nothing was taken, or where it was released, stays: it would keep nothing."""
    [found] = early_returns(kept)

    assert b"\tif (n > 3)\n\t\treturn err;\n" in found.applied(TEXT)
    assert found.applied(TEXT).count(b"\n") == TEXT.count(b"\n")


def test_a_jump_behind_a_release_leads_to_another_one(kept):
    """From where nothing was taken it would release nothing."""
    found = [one.applied(TEXT) for one in once_more(kept)]

    assert found == []  # `release:` begins with a test: another way may lead past
    straight = TEXT.replace(b"\tif (s->late)\n\t\tnote(s);\n", b"\tnote(s);\n\tmark(s);\n")
    graph = graph_of(straight, 1)
    gives = frozenset(n for n, node in enumerate(graph.nodes) if any(c.callee == "brelse" for c in node.calls))
    [span] = file_facts(straight, frozenset()).functions
    definition = Definition("f.c", "0", span)
    [one] = once_more(Kept(definition, graph, Body(definition, straight), kept.takes, gives, kept.fails, deep=False))
    assert b"\t\tbrelse(bh);\n\t\tgoto release;\n" in one.applied(straight)


def test_a_release_slips_into_the_test_in_front(kept):
    """One behind a test that leaves the function has nothing to slip into."""
    [found] = guarded(kept, *_release(kept, 24))

    assert b"\tif (s->late)\n\t\t{ note(s);\n\tbrelse(bh); }\nout:" in found.applied(TEXT)
    assert not list(guarded(kept, *_release(kept, 11)))


def test_the_test_around_a_release_is_turned_round(kept):
    """Only one that is a plain variable or member; a release that stands in a longer block is not alone."""
    [found] = released_otherwise(kept, *_release(kept, 17))

    assert b"\tif (!s->kept)\n\t\tbrelse(bh);\n" in found.applied(TEXT)
    assert not list(released_otherwise(kept, *_release(kept, 11)))


def test_two_statements_change_places(kept):
    """As many lines stay; one that stands in front already is left there."""
    [first], [second] = kept.body.calls("mark", 18), kept.body.calls("forget", 19)
    [found] = too_early(kept, second, first)

    assert b"\tforget(s); mark(s);\n\t\n\treturn -EIO;" in found.applied(TEXT)
    assert not list(too_early(kept, first, second))


def test_a_release_is_left_to_a_helper(kept):
    """The type of what is released is read; where it is no thing of the sort, C would not take the helper."""
    statement, _ = _release(kept, 24)
    every = list(partial_breaks(kept, statement, frozenset({"buffer_head"})))

    assert len({one.words.partition(":")[0] for one in every}) == len(every) > 3
    assert all(b"struct buffer_head *" in one.text and one.deep for one in every)
    assert all(one.applied(TEXT).count(b"\n") == TEXT.count(b"\n") for one in every)
    assert not list(partial_breaks(kept, statement, frozenset({"inode"})))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (b"release:\n", b"release:\n\terr = -EIO;\n", []),  # a test stands between: another value may be returned
        (b"\tif (s->late)\n\t\tnote(s);\n\tbrelse(bh);", b"\terr = -EIO;\n\tbrelse(bh);", [b"return -EIO;"]),
        (b"int err = -EIO;", b"int err;", []),
        (b"return err;", b"return done(s, err);", []),
    ],
)
def test_the_return_tells_what_the_label_does(kept, old, new, expected):
    """Nobody returns what was never set, or calls once more what the end of the function calls."""
    text = TEXT.replace(old, new)
    [span] = file_facts(text, frozenset()).functions
    graph = graph_of(text, 1)
    gives = frozenset(n for n, node in enumerate(graph.nodes) if any(c.callee == "brelse" for c in node.calls))
    definition = Definition("f.c", "0", span)
    other = Kept(definition, graph, Body(definition, text), kept.takes, gives, kept.fails, deep=False)

    assert [one.text.strip() for one in early_returns(other)] == expected
