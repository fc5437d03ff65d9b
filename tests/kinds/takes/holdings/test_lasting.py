"""What a function puts where others find it, and gives back by that place at exits that fail."""

import pytest

from cocci_gen.kinds.takes.holdings.takers import takers_of
from cocci_gen.kinds.takes.judged.doubts import doubts
from cocci_gen.kinds.takes.words.things import things

HEAD = """\
struct buffer_head *sb_bread(struct super_block *sb, int block);
static void done(struct box *box) { brelse(box->bh); kfree(box); }
static void deeper(struct super_block *sb) { done(BOX(sb)); }
static void defers(struct box *box) { mod_delayed_work(box->wq, &box->work, 5); }
static int starts(struct super_block *sb) { return sb->s_flags ? -EINVAL : 0; }
static int reads(struct super_block *sb, struct buffer_head **out)
{
	struct buffer_head *bh = sb_bread(sb, 1);
	if (!bh)
		return -EIO;
	*out = bh;
	return 0;
}
"""
TAKES = "box->bh = sb_bread(sb, 1);\n\tif (!box->bh)\n\t\treturn -EIO;\n\t"
#: What is done later with a part of the box may find the place.
LATER = (
    "queue_delayed_work(wq, &box->work, 5)",
    "mod_delayed_work(wq, &box->work, 5)",
    "schedule_delayed_work(&box->work, 5)",
)
GIVES = "if (m) { brelse(box->bh); return -EINVAL; }"


def holding_of(facts_of, body, head="struct super_block *sb, struct box *box, int n, int m"):
    """The buffer head that a function with this body takes."""
    facts = facts_of({"fs/a/a.c": f"{HEAD}static int f({head})\n{{\n\t{body}\n}}\n"})
    (definition,) = facts.index.definitions("f")
    takers = takers_of(things()["buffer"], facts.index, facts.effects)
    found = takers.holdings(facts.index.graph(definition), definition.path)
    return found[0] if found else None


@pytest.mark.parametrize(
    ("body", "fails"),
    [
        (f"if (n) return -EIO; {GIVES} return 0;", True),
        (f"if (starts(sb)) return -EIO; {GIVES} return 0;", True),  # it does not know the place
        ("if (n) return -EIO; return 0;", False),  # its owner may give it back
        ("if (n) return -EIO; brelse(box->bh); return 0;", False),  # nobody says that who fails gives it back
        (f"if (n) {{ done(box); return -EIO; }} {GIVES} return 0;", False),
        (f"if (n) {{ deeper(sb); return -EIO; }} {GIVES} return 0;", False),
        (f"if (n) {{ box->ops->end(box); return -EIO; }} {GIVES} return 0;", False),
        ("if (n) return -EIO; if (m) { brelse(box->bh); box->bh = NULL; return -EINVAL; } return 0;", False),
        (f"box = box->next; if (n) return -EIO; {GIVES} return 0;", False),  # another one
        *((f"{one}; if (n) return -EIO; {GIVES} return 0;", False) for one in LATER),
        (f"queue_delayed_work(wq, &other->work, 5); if (n) return -EIO; {GIVES} return 0;", True),
    ],
)
def test_who_fails_gives_back_what_its_other_exits_do(facts_of, body, fails):
    """A release that was forgotten at one exit was silent: what stands in a structure was taken for its owner's."""
    holding = holding_of(facts_of, TAKES + body)
    assert bool(holding and holding.breaches(holding.explored())) is fails


@pytest.mark.parametrize(
    "takes",
    [
        "*out = sb_bread(sb, 1);\n\tif (!*out)\n\t\treturn -EIO;\n\t",
        "int err = reads(sb, out);\n\tif (err)\n\t\treturn err;\n\t",
    ],
)
def test_what_a_pointer_leads_to_is_followed_as_well(facts_of, takes):
    """The caller gets nothing where it fails."""
    body = "if (n) return -EIO; if (m) { brelse(*out); return -EINVAL; } return 0;"
    holding = holding_of(facts_of, takes + body, "struct super_block *sb, struct buffer_head **out, int n, int m")
    assert len(holding.breaches(holding.explored())) == 1


def test_what_is_put_there_by_another_name_is_followed_as_well(facts_of):
    """It is stored under the name of the place only once it has been looked at."""
    takes = "struct buffer_head *bh = sb_bread(sb, 1);\n\tif (!bh)\n\t\treturn -EIO;\n\tbox->bh = bh;\n\t"
    holding = holding_of(facts_of, f"{takes}if (n) return -EIO; {GIVES} return 0;")
    seen = holding.explored()
    assert len(holding.breaches(seen)) == 1
    assert not holding.forgotten(seen)
    assert not holding.told_others(range(len(holding.graph.nodes)))


def test_a_way_that_leaves_it_to_others_is_told_of(facts_of):
    """Where the exit that gives it back clears the place, the owner may give back what others leave there."""
    body = "if (n) return -EIO; if (m) { brelse(box->bh); box->bh = NULL; return -EINVAL; } return 0;"
    holding = holding_of(facts_of, TAKES + body)
    assert len(holding.undecided(holding.explored(), ())) == 1
    assert holding.whether() == "whether who finds it in box->bh gives it back"


def test_what_a_callee_takes_under_a_test_of_the_place_is_not_decided(facts_of):
    """Who ends the box asks whether anything stands there: its release was taken for one that happens at times."""
    ends = "static void ends(struct box *box) { if (!IS_ERR_OR_NULL(box->bh)) brelse(box->bh); }\n"
    body = f"{TAKES}if (n) {{ ends(box); return -EIO; }} {GIVES} return 0;"
    head = "struct super_block *sb, struct box *box, int n, int m"
    facts = facts_of({"fs/a/a.c": f"{HEAD}{ends}static int f({head})\n{{\n\t{body}\n}}\n"})
    (definition,) = facts.index.definitions("f")
    takers = takers_of(things()["buffer"], facts.index, facts.effects)
    (holding,) = takers.holdings(facts.index.graph(definition), definition.path)
    assert not holding.breaches(holding.explored())


def test_a_test_around_the_release_may_ask_whose_it_is(facts_of):
    """Where the file is open by then, who closes it gives the thing back."""
    body = f"{TAKES}if (n) goto out; if (m) return 0; out: if (box->opened) brelse(box->bh); return -EIO;"
    holding = holding_of(facts_of, body)
    seen = holding.explored()
    assert not holding.breaches(seen)
    assert len(holding.undecided(seen, ())) == 1


def test_a_structure_of_the_callers_is_freed_without_what_stands_in_it(facts_of):
    """To free the memory gives nothing back, so that the exit beside it has forgotten the buffer head."""
    holding = holding_of(facts_of, f"{TAKES}if (n) {{ kfree(box); return -EIO; }} {GIVES} return 0;")
    assert len(holding.breaches(holding.explored())) == 1


@pytest.mark.parametrize(
    "body",
    [
        f"get_bh(box->bh); if (n) return -EIO; {GIVES} return 0;",
        f"if (n) {{ brelse(box->bh); brelse(box->bh); return -EIO; }} {GIVES} return 0;",
    ],
)
def test_what_is_counted_once_more_for_the_place_is_given_back_once_more(facts_of, body):
    """A superblock's root is handed on by its place, and given back by that again: a second release passed for one too many."""
    holding = holding_of(facts_of, TAKES + body)
    seen = holding.explored()
    assert not holding.breaches(seen)
    assert not holding.twice(seen)


def test_what_is_not_yet_put_there_is_the_functions_own(facts_of):
    """An exit ahead of the store forgets it, be it that nobody else who fails gives back what stands in the place."""
    body = (
        "struct buffer_head *bh = sb_bread(sb, 1); if (!bh) return -EIO; if (n) return -EINVAL;"
        " brelse(box->bh); box->bh = bh; return 0;"
    )
    holding = holding_of(facts_of, body)
    (one,) = holding.breaches(holding.explored())
    path = holding.explored().path(one.stop)
    assert not holding.is_lodged(path.nodes)
    assert not any("who finds it in" in words for _, words in doubts(holding, path, asked=True))
    lodged = holding_of(facts_of, f"{TAKES}if (n) return -EIO; {GIVES} return 0;")
    (one,) = lodged.breaches(lodged.explored())
    assert any("who finds it in" in words for _, words in doubts(lodged, lodged.explored().path(one.stop), asked=True))
