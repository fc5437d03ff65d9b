"""What a function puts into a field, and is still its own to give back when it fails."""

import pytest

from cocci_gen.kinds.takes.holdings.takers import takers_of
from cocci_gen.kinds.takes.words.things import things

HEAD = """\
struct buffer_head *sb_bread(struct super_block *sb, int block);
static void done(struct box *box) { brelse(box->bh); kfree(box); }
static int starts(struct super_block *sb) { return sb->s_flags ? -EINVAL : 0; }
"""
TAKES = "struct buffer_head *bh = sb_bread(sb, 1);\n\tif (!bh)\n\t\treturn -EIO;\n\tbox->bh = bh;\n\tsb->s_fs_info = box;\n\t"
GIVES = "if (m) { brelse(bh); return -EINVAL; }"


def holding_of(facts_of, body):
    """The buffer head that a function with this body takes."""
    head = "static int f(struct super_block *sb, struct box *box, int n, int m)"
    facts = facts_of({"fs/a/a.c": f"{HEAD}{head}\n{{\n\t{TAKES}{body}\n}}\n"})
    (definition,) = facts.index.definitions("f")
    takers = takers_of(things()["buffer"], facts.index, facts.effects)
    (one,) = takers.holdings(facts.index.graph(definition), definition.path)
    return one


@pytest.mark.parametrize(
    ("body", "fails"),
    [
        (f"if (n) return -EIO; {GIVES} return 0;", True),
        (f"if (n) {{ kfree(box); return -EIO; }} {GIVES} return 0;", True),
        (f"if (!sb_set_blocksize(sb, n)) return -EIO; {GIVES} return 0;", True),
        (f"init_waitqueue_head(&box->waits); if (n) return -EIO; {GIVES} return 0;", True),
        (f"put_dax(box->dax); if (n) return -EIO; {GIVES} return 0;", True),
        (f"if (n) {{ kobject_put(&box->kobj); return -EIO; }} {GIVES} return 0;", False),
        ("if (n) return -EIO; return 0;", False),  # nobody says that it is the function's own
        ("if (n) return -EIO; brelse(bh); return 0;", False),  # it does not end well with what it stored
        (f"if (n) {{ done(box); return -EIO; }} {GIVES} return 0;", False),
        (f"if (n) {{ brelse(box->bh); return -EIO; }} {GIVES} return 0;", False),
        (
            f"if (starts(sb)) return -EIO; {GIVES} return 0;",
            False,
        ),  # a function of the folder finds it by the super block
        (f"if (n) {{ kill_sb(sb); return -EIO; }} {GIVES} return 0;", False),
        (f"if (n) return -EIO; {GIVES} box->bh = NULL; return 0;", False),
    ],
)
def test_who_stores_what_it_took_gives_it_back_at_each_exit(facts_of, body, fails):
    """An exit was silent that forgets what all others give back; those that give it back by its place must stay silent."""
    holding = holding_of(facts_of, body)
    assert bool(holding.breaches(holding.explored())) is fails


def test_whoever_ends_well_with_what_it_stored_has_forgotten_nothing(facts_of):
    """The one return that keeps it would be told of: all others give it back."""
    holding = holding_of(facts_of, f"{GIVES} return 0;")
    seen = holding.explored()
    assert not holding.forgotten(seen)
    assert [one.note for one in holding.stored(range(len(holding.graph.nodes)))] == ["box->bh"]


def test_what_was_given_back_is_not_hidden_by_a_call_that_finds_its_place(facts_of):
    """A return would be told of as not examined, although the buffer head has been given back before."""
    holding = holding_of(facts_of, "if (m) { brelse(bh); forget(box); return -EINVAL; } return 0;")
    states = {one.state for one in holding.explored().arrivals}
    assert "back" in states
    assert "unseen" not in states


HANDS_OUT = """\
static {returns} f(struct super_block *sb, struct buffer_head **out, int n, int m)
{{
	struct buffer_head *bh = sb_bread(sb, 1);
	if (!bh)
		return -EIO;
	*out = bh;
	{body}
}}
"""


@pytest.mark.parametrize(
    ("returns", "body", "fails"),
    [
        ("int", f"if (n) return -EIO; {GIVES} return 0;", True),
        ("int", "if (n) return -EIO; return 0;", False),  # who calls may look there whatever it returns
        ("int", f"{GIVES} if (n) return -EIO; *out = NULL; return 0;", True),
        ("int", f"{GIVES} *out = other(n); if (n) return -EIO; return 0;", False),
        ("s64", f"if (n) return -EIO; {GIVES} return 0;", False),
    ],
)
def test_who_fails_hands_nothing_out_where_others_of_it_give_that_back(facts_of, returns, body, fails):
    """What stood behind `*foliop` was its caller's from there on, though a method that fails hands nothing out."""
    facts = facts_of({"fs/a/a.c": HEAD + HANDS_OUT.format(returns=returns, body=body)})
    (definition,) = facts.index.definitions("f")
    (one,) = takers_of(things()["buffer"], facts.index, facts.effects).holdings(
        facts.index.graph(definition), definition.path
    )
    assert bool(one.breaches(one.explored())) is fails
