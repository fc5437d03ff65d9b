"""Whose what a function puts somewhere is, where nobody who calls it gives that back."""

import pytest

from cocci_gen.kinds.takes.holdings.takers import takers_of
from cocci_gen.kinds.takes.judged.unfollowed import unfollowed_takes
from cocci_gen.kinds.takes.words.things import things

LENDS = "static int block(struct bed *bed, struct buffer_head **out)\n{\n\t*out = bed->first;\n\treturn look(bed);\n}\n"
HANDS = """\
static int further(struct bed *bed, struct buffer_head **out)
{
	struct buffer_head *bh;
	int err = block(bed, &bh);
	if (err)
		return err;
	%s
	*out = bh;
	return 0;
}
"""
USE = """\
static int %s(struct bed *bed)
{
	struct buffer_head *bh;
	int err = %s(bed, &bh);
	if (err)
		return err;
	err = look(bed);
	%s
	return err;
}
"""
KEEPS, GIVES, TELLS = "mark(bed);", "brelse(bh);", "bed->last = bh;"


def told(facts_of, *uses, getter="block", more=""):
    """What is told of the first of some functions that call one of the file, each told by its last words."""
    every = (USE % (f"use{number}", getter, words) for number, words in enumerate(uses))
    facts = facts_of({"fs/a/a.c": LENDS + more + "".join(every)})
    (one,) = facts.index.definitions("use0")
    takers = takers_of(things()["buffer"], facts.index, facts.effects)
    graph = facts.index.graph(one)
    found = unfollowed_takes(graph, takers.source(one.path), lambda: takers.holdings(graph, one.path))
    return [way.why for way in found]


@pytest.mark.parametrize(
    ("others", "open_"),
    [
        ([KEEPS, KEEPS], False),
        ([KEEPS, KEEPS, GIVES], True),
        ([KEEPS], True),
        ([KEEPS, TELLS], True),
        ([KEEPS, KEEPS, TELLS], False),
    ],
)
def test_what_nobody_gives_back_who_gets_it_is_lent(facts_of, others, open_):
    """Three who end well with it know that a list or a transaction holds it; one who gives it back, and it is open whose it is.
    Where others put it somewhere, they may give it back by that, and do not count."""
    words = ["whose to give back it is what block() puts into bh"]
    assert told(facts_of, KEEPS, *others) == (words if open_ else [])


@pytest.mark.parametrize(
    ("between", "open_"), [("mark(bed);", False), ("get_bh(bh);", True), ("bh = bed->second;", True)]
)
def test_what_is_lent_to_a_function_it_lends_on(facts_of, between, open_):
    """One caller says nothing for himself; but all that he gets is what others are lent.  What is counted in between, or comes
    from elsewhere too, may be his own."""
    lent = "".join(USE % (f"lent{number}", "block", KEEPS) for number in range(3))
    words = ["whose to give back it is what further() puts into bh"]
    assert told(facts_of, KEEPS, getter="further", more=HANDS % between + lent) == (words if open_ else [])
    assert told(facts_of, KEEPS, getter="further", more=HANDS % between) == words
