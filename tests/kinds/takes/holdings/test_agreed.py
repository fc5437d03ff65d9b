"""What others make of a value says whose it is, where the callee may keep it."""

import pytest

from cocci_gen.kinds.takes.holdings.takers import takers_of
from cocci_gen.kinds.takes.words.things import things

HEAD = """\
struct buffer_head *get(struct box *box) { struct buffer_head *bh = sb_bread(box->sb, 1); if (bh) box->bh = bh; return bh; }
static int f(struct box *box) { struct buffer_head *bh = get(box); if (look(box)) return -5; return 0; }
"""
GIVES = "{{ struct buffer_head *bh = get(box); int err = look(box); brelse(bh); return err; }}\n"
KEEPS = "{{ struct buffer_head *bh = get(box); return look(box); }}\n"
ERRS = "{{ struct buffer_head *bh = get(box); if (IS_ERR(bh)) return PTR_ERR(bh); brelse(bh); return 0; }}\n"
RETURNS = "{{ struct buffer_head *bh = get(box); return bh; }}\n"


@pytest.mark.parametrize(
    ("others", "own"),
    [
        ([GIVES, GIVES], True),
        ([ERRS, ERRS], True),  # what the error of a pointer returns is not the pointer
        ([GIVES], False),
        ([GIVES, GIVES, KEEPS], False),
        ([GIVES] * 5 + [KEEPS], True),
        ([GIVES, GIVES, RETURNS], True),
        ([KEEPS, KEEPS], False),
    ],
)
def test_what_nearly_all_others_give_back_is_the_callers(facts_of, others, own):
    """One other may be wrong himself; where several keep it, the callee lends it, and each of them would be an alarm."""
    more = "".join(f"static int g{n}(struct box *box) {text.format()}" for n, text in enumerate(others))
    facts = facts_of({"fs/box/a.c": HEAD + more})
    graph = next(facts.index.graph(one) for one in facts.index.functions_in("fs/box/a.c") if one.name == "f")

    found = takers_of(things()["buffer"], facts.index, facts.effects).holdings(graph, "fs/box/a.c")

    assert [one.name for one in found] == (["bh"] if own else [])
