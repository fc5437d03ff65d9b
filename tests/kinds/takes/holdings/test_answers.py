"""A return that hands a failure to a callee, which hands it back."""

import pytest

from cocci_gen.kinds.takes.holdings.holding import fails
from cocci_gen.kinds.takes.holdings.takers import takers_of
from cocci_gen.kinds.takes.words.things import things

HEAD = """\
static int passes(struct box *box, int err) { if (err) return err; return box_open(box); }
static int mends(struct box *box, int err) { if (err == -EAGAIN) return 0; return box_open(box); }
static void *passes_pointer(void *ptr, struct box *box) { if (IS_ERR(ptr)) return ptr; return box_splice(box); }
static int early(struct box *box, int err) { return err ? err : 0; }
"""
TAKES = "struct buffer_head *bh = sb_bread(box->sb, 1);\n\tint err;\n\tif (!bh) return -EIO;\n\terr = box_check(bh->b_data);\n\t"


@pytest.mark.parametrize(
    ("body", "failing"),
    [
        ("if (err < 0) return passes(box, err); brelse(bh); return 0;", True),
        ("return passes(box, err);", False),
        ("return passes(box, -EIO);", True),
        ("return passes(box, 0);", False),
        ("if (err < 0) return mends(box, err); brelse(bh); return 0;", False),
        ("if (err < 0) return early(box, err); brelse(bh); return 0;", True),
        ("if (err < 0) return unseen(box, err); brelse(bh); return 0;", False),
        ("if (err < 0) return passes(bh->box, box_log(err)); brelse(bh); return 0;", False),
    ],
)
def test_a_failure_that_a_callee_hands_back(facts_of, body, failing):
    """What is kept there was kept by a return that nobody knew to fail; what a callee may mend is no failure."""
    facts = facts_of({"fs/a.c": f"{HEAD}static int f(struct box *box)\n{{\n\t{TAKES}{body}\n}}\n"})
    (definition,) = facts.index.definitions("f")
    graph = facts.index.graph(definition)
    (holding,) = takers_of(things()["buffer"], facts.index, facts.effects).holdings(graph, "fs/a.c")

    seen = holding.explored()

    assert any(one.state == "owed" and fails(graph, one) for one in seen.arrivals) is failing
