"""What a name means that holds one thing after the other."""

import pytest

from cocci_gen.code.graphs.flow_builder import graph_of
from cocci_gen.kinds.takes.holdings.meant import Meant, meant_by
from cocci_gen.kinds.takes.words.nothing import nothing_there

BODY = """\
int f(struct row *rows)
{
	struct inode *last = NULL, *inode;
	int n;

	for (n = 0; n < 9; n++) {
		inode = igrab(rows[n].inode);
		if (!inode)
			continue;
		iput(last);
		last = inode;
		if (broken(n))
			goto out;
		done(n);
	}
	put(last);
	return 0;
out:
	drop(last);
	return -EIO;
}
"""


def meant(text, callee):
    """What `last` means where it is given to a callee."""
    graph = graph_of(text.encode(), 1)
    at = {call.callee: (n, call) for n, node in enumerate(graph.nodes) for call in node.calls}
    names = frozenset({"inode", "last"})
    return meant_by(graph, at[callee][0], "last", names, [at["igrab"]], nothing_there(graph, names))


@pytest.mark.parametrize(
    ("callee", "which"),
    [("iput", Meant.ANOTHER), ("put", Meant.THIS), ("drop", Meant.THIS)],
    ids=["iput", "put", "drop"],
)
def test_a_name_that_holds_one_after_the_other(callee, which):
    """The one of the round before is given back in a loop: that was taken for whichever, and nothing was said of this one."""
    assert meant(BODY, callee) is which


def test_a_name_that_may_hold_either():
    """Where a way leads past what gives it the name, nobody knows."""
    assert meant(BODY.replace("\t\tlast = inode;", "\t\tif (n)\n\t\t\tlast = inode;"), "put") is Meant.UNKNOWN
