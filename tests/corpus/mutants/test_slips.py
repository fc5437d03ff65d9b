"""Slips: a wrong label, a release too late or of another thing, a test turned round; each only where it breaks something."""

import pytest

from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.code.texts.source import file_facts
from cocci_gen.corpus.mutants.mutations import Body
from cocci_gen.corpus.mutants.slip_mutations import Kept, misgiven, moved, turned_round, wrong_labels
from cocci_gen.facts.tree.definitions import Definition

TEXT = b"""\
int f(struct s *s, int n)
{
	struct buffer_head *bh = sb_bread(s, n), *other = sb_bread(s, 1);
	int err = -EIO;

	if (!bh)
		return -EIO;
	if (n > 3)
		goto release;
	if (n > 1) {
		brelse(bh);
		if (n == 2)
			return -EIO;
	}
	if (use(bh, other))
		goto release;
	err = 0;
release:
	brelse(bh);
out:
	return err;
}
"""


@pytest.fixture
def kept():
    """The buffer head of the function, and its two releases."""
    return _kept(TEXT)


def _kept(text):
    [span] = file_facts(text, frozenset()).functions
    definition = Definition("f.c", "0", span)
    graph = graph_of(text, 1)

    def of(name):
        return frozenset(n for n, node in enumerate(graph.nodes) if any(call.callee == name for call in node.calls))

    def fails(number, jump):
        ends = {number, *graph.behind((number,))}
        return graph.nodes[jump].line != 16 and all(graph.nodes[n].returned != "0" for n in ends)

    takes = frozenset({min(of("sb_bread"))})
    return Kept(definition, graph, Body(definition, text), takes, of("brelse"), fails, deep=False)


def test_another_label_is_one_behind_which_nothing_is_released(kept):
    """A jump to a label that releases all the same breaks nothing, and would be counted as missed."""
    [found] = wrong_labels(kept)

    assert b"\tif (n > 3)\n\t\tgoto out;\n" in found.applied(TEXT)
    assert found.applied(TEXT).count(b"\n") == TEXT.count(b"\n")


@pytest.mark.parametrize("test", [b"!bh", b"bh == NULL", b"IS_ERR(bh)", b"IS_ERR_OR_NULL(bh)"])
@pytest.mark.parametrize("jump", [b"goto release;", b"{ print(n); goto release; }"])
def test_a_jump_where_nothing_was_taken_stays(test, jump):
    """To another label it keeps nothing, and silence about it would be counted as a miss, whatever stands in front of it."""
    text = TEXT.replace(b"if (!bh)\n\t\treturn -EIO;", b"if (" + test + b")\n\t\t" + jump)

    [found] = wrong_labels(_kept(text))

    assert b"\tif (n > 3)\n\t\tgoto out;\n" in found.applied(text)


def test_a_release_is_moved_behind_the_way_out_that_follows_it(kept):
    """One that nothing follows stays: it would come on every way as before."""
    first, second = kept.body.calls("brelse", 11), kept.body.calls("brelse", 19)
    [found] = [one for release in (*first, *second) for one in moved(kept, release)]

    assert b"\n\t\tif (n == 2)\n\t\t\treturn -EIO; brelse(bh);\n" in found.applied(TEXT)
    assert found.applied(TEXT).count(b"\n") == TEXT.count(b"\n")


def test_a_release_is_given_another_thing(kept):
    """Given the same once more it is no mutant."""
    [release] = kept.body.calls("brelse", 19)

    assert [one.text for one in misgiven(kept, release, {"bh", "other"})] == [b"brelse(other);"]


def test_a_test_of_the_thing_is_turned_round(kept):
    """Only one that fails with a constant: what others return is not known to be a failure."""
    [found] = turned_round(kept, "bh")

    assert found.text == b"if (bh) return -EIO;\n"
    assert not list(turned_round(kept, "other"))


def test_a_test_stays_where_the_end_of_the_scope_releases():
    """Turned round, it fails with the thing in hand, and the compiler gives that back: silence would be counted as a miss."""
    text = TEXT.replace(b"*bh = sb_bread(s, n)", b"*bh __cleanup(brelse) = sb_bread(s, n)")

    assert not list(turned_round(_kept(text), "bh"))
