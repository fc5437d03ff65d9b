"""What a function takes for itself, and what becomes of it."""

from dataclasses import replace

import pytest

from cocci_gen.kinds.takes.holdings.holding import CLEARED, RETAKEN
from cocci_gen.kinds.takes.holdings.takers import takers_of
from cocci_gen.kinds.takes.judged.doubts import doubts
from cocci_gen.kinds.takes.judged.unfollowed import unfollowed_takes, unfollowed_ways
from cocci_gen.kinds.takes.words.things import things

HEAD = """\
struct buffer_head *sb_bread(struct super_block *sb, int block);
static int drop_at_times(struct buffer_head *bh, int n) { if (n) { brelse(bh); return -EIO; } return 0; }
static int counts(struct buffer_head *bh, int n) { note(sb_bread(1, 2)); if (n) { brelse(bh); return -EIO; } return 0; }
static void drop(struct buffer_head *bh) { brelse(bh); }
static void drop_data(char *data) { struct buffer_head *bh = data_to_bh(data); brelse(bh); }
static void notes(char *data) { struct buffer_head *bh = sb_bread(data, 1); brelse(bh); }
#define keeping(bh, box) keeps(bh, box)
static void stores(struct box *box, struct buffer_head *bh) { box->bh = bh; }
static int keeps(struct buffer_head *bh, struct box *box) { if (!box) return -EINVAL; box->bh = bh; return 0; }
"""
TRIES = "struct buffer_head *bh = sb_bread(sb, 1);\n\t"
TAKES = "struct buffer_head *bh = sb_bread(sb, 1);\n\tif (!bh)\n\t\treturn -EIO;\n"


def holdings(facts_of, body, thing="buffer", returns="int "):
    """What a function with this body takes, and its control flow."""
    facts = facts_of(
        {"fs/a.c": f"{HEAD}static {returns}f(struct super_block *sb, struct box *box, int n)\n{{\n\t{body}\n}}\n"}
    )
    (definition,) = facts.index.definitions("f")
    graph, one = facts.index.graph(definition), things()[thing]
    return takers_of(one, facts.index, facts.effects).holdings(graph, definition.path), graph


def kept(facts_of, body, thing="buffer"):
    """(fails with what it took, gives it back twice) of a function with this body."""
    found, _ = holdings(facts_of, body, thing)
    seen = [(holding, holding.explored()) for holding in found]
    return (
        any(holding.breaches(explored) for holding, explored in seen),
        any(holding.twice(explored) for holding, explored in seen),
    )


@pytest.mark.parametrize(
    ("body", "fails"),
    [
        (f"{TAKES}if (n) return -EINVAL; brelse(bh); return 0;", True),
        (f"{TAKES}if (n) {{ brelse(bh); return -EINVAL; }} brelse(bh); return 0;", False),
        (f"{TAKES}if (n) {{ drop(bh); return -EINVAL; }} brelse(bh); return 0;", False),
        (f"{TAKES}box->bh = bh; if (n) return -EINVAL; return 0;", False),
        (f"{TAKES}box->raw = bh->b_data; if (n) return -EINVAL; return 0;", False),
        (f"{TAKES}box->size = le32_to_cpu(((struct raw *)bh->b_data)->size); if (n) return -EINVAL; return 0;", True),
        (f"{TAKES}if (n) return 1; brelse(bh); return 0;", False),
        (f"{TAKES}if (bh != box->bh) brelse(bh); return -EINVAL;", False),
        (f"{TAKES}fill(&bh); return -EINVAL;", False),
        (f"{TAKES}char *data = bh->b_data; drop_data(data); return -EINVAL;", False),
        (f"{TAKES}char *data = bh->b_data; notes(data); if (n) return -EINVAL; brelse(bh); return 0;", True),
        (f"{TAKES}int err = keeps(bh, box); if (err) return err; return 0;", True),
        (f"{TRIES}int err = PTR_ERR_OR_ZERO(bh); if (err) return err; brelse(bh); return 0;", False),
        (f"struct buffer_head *one; {TAKES}box->bh = one = bh; return -EINVAL;", False),
        (f"{TAKES}int err = keeping(bh, box); if (err) return err; return 0;", True),
        (f"{TAKES}int err = asks(n); if (err) return err; brelse(bh); return err;", True),
        (f"{TAKES}int got = asks(n); if (got > 0) return got; brelse(bh); return got;", False),
        (f"{TAKES}int got = asks(n); if (got) return got; if (got > n) n = got; brelse(bh); return got;", False),
        ("struct buffer_head *v[4], *bh = sb_bread(sb, 1); if (!bh) return 0; v[n++] = bh; all(v); return -EIO;", False),
        (f"{TAKES}box->data = bh->b_data; if (n) return -EINVAL; return 0;", False),
        (f"{TAKES}box->data = bh->b_data; if (n) return -EINVAL; brelse(bh); return 0;", True),
        ("struct buffer_head *bh; box->bh = bh = sb_bread(sb, 1); if (!bh) return -EIO; return -EINVAL;", False),
        (f"{TAKES}if (n) return EINVAL; brelse(bh); return 0;", True),
        (f"{TAKES}int err = n ? EIO : 0; if (err) return err; brelse(bh); return 0;", True),
        (f"{TAKES}if (n) return EXTRA; brelse(bh); return 0;", False),
    ],
)  # fmt: skip
def test_who_fails_has_given_back(facts_of, body, fails):
    """Each is a shape of real code: those that keep nothing were reported before the guard was there."""
    assert kept(facts_of, body)[0] is fails


def test_an_error_number_is_an_error_pointer_where_a_pointer_is_returned(facts_of):
    """`return -EINVAL;` without ERR_PTR() compiled for years, and was no failure to us."""
    found, _ = holdings(facts_of, f"{TAKES}if (n) return -EINVAL; brelse(bh); return NULL;", returns="struct dentry *")

    assert any(one.breaches(one.explored()) for one in found)


@pytest.mark.parametrize(
    ("body", "twice"),
    [
        (f"{TAKES}brelse(bh); if (n) brelse(bh); return 0;", True),
        (f"{TAKES}brelse(bh); bh = NULL; brelse(bh); return 0;", False),
        (f"{TAKES}brelse(bh); bh = sb_bread(sb, 2); brelse(bh); return 0;", False),
        (f"{TAKES}drop(bh); brelse(bh); return 0;", False),
        (f"{TAKES}brelse(bh); drop(bh); return 0;", False),
        (f"{TAKES}int err = drop_at_times(bh, n); drop(bh); return err;", True),
        (f"{TAKES}if (drop_at_times(bh, n)) return -EIO; brelse(bh); return 0;", False),
        (f"{TAKES}int err = drop_at_times(bh, n); brelse(bh); return err;", True),
        (f"{TAKES}int err = counts(bh, n); brelse(bh); return err;", False),
        (f"{TAKES}box->drop(bh); brelse(bh); return 0;", False),
        (f"{TAKES}hidden(bh); brelse(bh); brelse(bh); return 0;", True),
        (f"{TAKES}if (n) {{ brelse(bh); brelse(bh); return -EIO; }} drop(bh); return 0;", True),
        (f"{TAKES}struct buffer_head *other = bh; brelse(other); brelse(bh); return 0;", False),
    ],
)
def test_a_thing_is_given_back_once(facts_of, body, twice):
    """Under another name it may be another thing; what a helper always gives back may be counted
    once more for that, and what it gives back where it fails is not."""
    assert kept(facts_of, body)[1] is twice


LOOPS = "struct buffer_head *bh; int i; for (i = 0; i < n; i++) { bh = sb_bread(sb, i); if (!bh) return -EIO;"


@pytest.mark.parametrize(
    ("body", "lost"),
    [
        (f"{LOOPS} if (asks(i)) continue; brelse(bh); }} return 0;", True),
        (f"{LOOPS} if (asks(i)) break; brelse(bh); }} return 0;", False),
        (f"{LOOPS} brelse(bh); bh = NULL; }} return 0;", False),
        (f"{LOOPS} if (asks(i)) {{ box->bh = bh; continue; }} brelse(bh); }} return 0;", False),
        (
            f"struct buffer_head *kept = NULL; {LOOPS} if (asks(i)) {{ kept = bh; continue; }} brelse(bh); }} return 0;",
            False,
        ),
        (f"{TAKES}bh = follows(sb_bread(sb, 2), bh); brelse(bh); return 0;", False),
    ],
)
def test_what_is_owed_is_not_overwritten(facts_of, body, lost):
    """Nobody can give back what no name leads to any more; what somebody else knows of is his."""
    found, _ = holdings(facts_of, body)

    assert any(one.overwritten(one.explored()) for one in found) is lost


@pytest.mark.parametrize(
    ("body", "twice"),
    [
        ("box->root = d_make_root(inode); if (!box->root) { iput(inode); return -ENOMEM; } return 0;", True),
        ("box->root = d_make_root(inode); if (!box->root) return -ENOMEM; return 0;", False),
        ("if (n) { iput(inode); inode = ERR_PTR(-EIO); } return d_splice_alias(inode, box);", False),
    ],
)
def test_who_consumes_an_inode_drops_it_when_it_fails(facts_of, body, twice):
    """A second iput() behind d_make_root() frees what others have; an error pointer may be handed to what consumes."""
    assert kept(facts_of, f"struct inode *inode = new_inode(sb); if (!inode) return -ENOMEM; {body}", "inode") == (
        False,
        twice,
    )


@pytest.mark.parametrize(
    ("body", "fails"),
    [
        ("d_add(dentry, box->inode); if (n) return -EIO; dput(dentry); return 0;", False),
        ("if (n) return -EIO; d_add(dentry, box->inode); return 0;", True),
    ],
)
def test_a_dentry_that_was_added_may_be_kept_by_the_tree(facts_of, body, fails):
    """File systems in memory leave the reference of d_alloc_name() to what they unmount by."""
    made = f"struct dentry *dentry = d_alloc_name(box, n); if (!dentry) return -ENOMEM; {body}"

    assert kept(facts_of, made, "dentry")[0] is fails


def test_what_may_be_lent_is_its_own_only_where_it_gives_back_behind(facts_of):
    """A release of something else that went by the same name before says nothing of what a getter may have lent."""
    first = "bh = sb_bread(sb, 1); if (!bh) return -EIO; if (box) { brelse(bh); return -EIO; } stores(box, bh);"
    body = f"struct buffer_head *bh; {first} bh = lends(sb, box); if (!bh) return -EIO; if (n) return -EINVAL; ENDreturn 0;"
    lends = "static struct buffer_head *lends(struct super_block *sb, struct box *box)"
    head = (
        f"{lends} {{ struct buffer_head *bh = sb_bread(sb, 1); if (!bh) return NULL; stores(box, bh); return bh; }}\n"
    )

    def fails(end):
        text = f"{HEAD}{head}static int f(struct super_block *sb, struct box *box, int n)\n{{\n\t{body.replace('END', end)}\n}}\n"
        facts = facts_of({"fs/a.c": text})
        (definition,) = facts.index.definitions("f")
        takers = takers_of(things()["buffer"], facts.index, facts.effects)
        found = takers.holdings(facts.index.graph(definition), definition.path)
        return any(one.breaches(one.explored()) for one in found)

    assert (fails("brelse(bh); "), fails("")) == (True, False)


ARRAY = "struct page *page[4]; int i, err = -ENOMEM; for (i = 0; i < 4; i++) page[i] = grab_cache_page_nowait(box, i);"
LOOP = "for (i = 0; i < 4; i++) if (page[i]) { unlock_page(page[i]); put_page(page[i]); }"

PUTS = LOOP.replace("unlock_page(page[i]);", "")


@pytest.mark.parametrize(
    ("body", "thing", "fails"),
    [
        (f"{ARRAY} if (n) goto failed; {LOOP} return 0; failed: kfree(box); return err;", "page_lock", True),
        (f"{ARRAY} if (n) goto failed; {LOOP} return 0; failed: {LOOP} return err;", "page_lock", False),
        (f"{ARRAY} if (n) goto failed; {LOOP} return 0; failed: {PUTS} return err;", "page_lock", True),
        (f"{ARRAY} release_all(page, 4); return err;", "page", False),
    ],
)  # fmt: skip
def test_elements_of_an_array(facts_of, body, thing, fails):
    """A block of pages is filled and released in loops; nobody knows how often a loop runs."""
    assert kept(facts_of, body, thing)[0] is fails


@pytest.mark.parametrize(
    ("body", "fails"),
    [
        ("if (!igrab(inode)) return -EIO; if (inode->i_ino) return -EINVAL; iput(inode); return 0;", True),
        (
            "if (!igrab(inode)) return -EIO; if (inode->i_ino) { iput(inode); return -EINVAL; } iput(inode); return 0;",
            False,
        ),
        ("if (!igrab(inode)) return -EIO; queue_it(inode->i_list); return -EINVAL;", False),
    ],
)
def test_one_more_reference_of_what_a_function_has(facts_of, body, fails):
    """igrab() returns what it is given, or NULL: who tests that and names it nowhere was not followed."""
    facts = facts_of({"fs/a.c": f"static int f(struct box *box)\n{{\n\tstruct inode *inode = box->inode; {body}\n}}\n"})
    (definition,) = facts.index.definitions("f")
    graph, one = facts.index.graph(definition), things()["inode"]
    found = takers_of(one, facts.index, facts.effects).holdings(graph, definition.path)

    assert fails is any(holding.breaches(holding.explored()) for holding in found)


def test_a_lock_of_what_lies_in_an_array_is_given_back_by_that(facts_of):
    """A page that was put into an array before it was locked is unlocked in a loop, by another name."""
    body = """\
	struct page *all[4], *page = alloc_page(1); int i, err = -EIO;
	if (!page) return -ENOMEM;
	all[0] = page;
	lock_page(page);
	for (i = 0; i < n; i++) { page = all[i]; unlock_page(page); }
	return err;"""

    assert (False, False) == kept(facts_of, body, "page_lock")
    assert (False, False) == kept(facts_of, body.replace("= page;", "= part_of(page, n);"), "page_lock")


@pytest.mark.parametrize(
    ("body", "fails"),
    [
        ("box->bh = bh; get_bh(bh); if (n) return -EIO; put_bh(bh); return 0;", False),
        ("stores(box, bh); get_bh(bh); if (n) return -EIO; return 0;", False),
        ("get_bh(bh); if (n) return -EIO; stores(box, bh); return 0;", True),
        ("get_bh(bh); if (n) return -EIO; box->bh = bh; return 0;", True),
    ],
)
def test_what_is_counted_for_where_it_was_put_before(facts_of, body, fails):
    """A lock or count that a function hands out when all went well is its own to give back when it did not."""
    assert kept(facts_of, f"struct buffer_head *bh = find(sb, 1);\n\t{body}")[0] is fails


FAILS = "if (n) { brelse(bh); return -EINVAL; } "


@pytest.mark.parametrize(
    ("body", "forgets"),
    [
        (f"{TAKES}{FAILS}return 0;", True),
        (f"{TAKES}{FAILS}return 1;", True),
        (f"{TAKES}{FAILS}brelse(bh); return 0;", False),
        (f"{TAKES}return 0;", True),
        (f"{TAKES}if (n) return 0; return 1;", True),
        ("get_bh(box->bh); return 0;", False),
        (f"{TAKES}*out = map_of(bh); return 0;", False),
        (f"{TAKES}set_buffer_new(bh); return 0;", True),
        (f"{TAKES}set_buffer_page(&box->list[n], bh); return 0;", False),
        (f"{TAKES}box->blocks = le32_to_cpu(bh->b_data); return 0;", True),
        ("struct inode *inode = new_inode(sb); if (!inode) return -ENOMEM; return 0;", False),
        (
            "struct buffer_head *bh = sb_bread(sb, 1); if (!bh) return PTR_ERR(bh); int n = asks(bh->b_data); return n;",
            True,
        ),
        (f"{TAKES}{FAILS}*at = (struct at){{ .bh = bh }}; return 0;", False),
        (f"{TAKES}{FAILS}*at = (struct at){{ .n = n }}; return 0;", True),
        (f"{TAKES}box->bh = bh; return 0;", False),
        (f"{TAKES}hidden(bh); return 0;", False),
        (f"{TAKES}{FAILS}if (box) return 0; return 1;", False),
        (f"{TAKES}{FAILS}box->bh = bh; return 0;", False),
        (f"{TAKES}{FAILS}hidden(bh); return 0;", False),
        (f"{TAKES}{FAILS}struct at at = {{ .n = n }}; at.bh = bh; *box = at; return 0;", False),
        (f"{TAKES}unsigned long n = le32(bh->b_data); drop_data(n); {FAILS}return 0;", False),
    ],
)
def test_the_one_way_that_forgets(facts_of, body, forgets):
    """Who gives back on all ways but the one of success, or on none, has forgotten it, unless somebody else knows of it."""
    found, _ = holdings(facts_of, body)

    assert forgets is any(one.forgotten(one.explored()) for one in found)


@pytest.mark.parametrize(
    ("body", "settled"),
    [
        (f"{TAKES}{FAILS}brelse(bh); return 0;", True),
        (f"{TAKES}brelse(bh); return 0;", True),
        (f"{TAKES}if (n) return -EINVAL; brelse(bh); return 0;", False),
        (f"{TAKES}brelse(bh); if (n) brelse(bh); return 0;", False),
        (f"{TAKES}hidden(bh); brelse(bh); return 0;", False),
        (f"{TAKES}drop(bh); return 0;", False),
    ],
)
def test_what_needs_no_search(facts_of, body, settled):
    """What is settled is not searched: a breach there would never be found."""
    found, _ = holdings(facts_of, body)

    assert settled is all(one.settled() for one in found)
    assert not (settled and any(kept(facts_of, body)))


def test_an_error_pointer_buries_what_a_name_held(facts_of):
    """What is overwritten by an error pointer is owed all the same, and nobody can give it back."""
    body = f"{TAKES}if (n) {{ bh = ERR_PTR(-EIO); return PTR_ERR(bh); }} brelse(bh); return 0;"

    assert (True, False) == kept(facts_of, body)
    assert (False, False) == kept(facts_of, body.replace("bh = ERR", "brelse(bh); bh = ERR"))


@pytest.mark.parametrize(("first", "keeps"), [("", True), ("brelse(bh); ", False)])
def test_a_test_for_an_error_behind_that_says_nothing_of_what_was_buried(facts_of, first, keeps):
    """It was taken for one of the thing itself, which is not there where it comes out true."""
    got = "struct buffer_head *bh = sb_bread(sb, 1); if (!bh) return NULL; "
    body = f"{got}if (n) {{ {first}bh = ERR_PTR(-EIO); }} if (IS_ERR(bh)) warn(n); return bh;"

    ((holding,), _) = holdings(facts_of, body, returns="struct buffer_head *")
    seen = holding.explored()
    assert any(holding.keeps(one) for one in seen.arrivals) is keeps


@pytest.mark.parametrize(("body", "told"), [("", True), ("brelse(bh); bh = sb_bread(sb, 2);", False)])
def test_what_is_told_of_an_earlier_one_says_nothing_of_this(facts_of, body, told):
    """A plain leak of the second buffer would be low for what the first was read for."""
    ((one,), graph) = holdings(
        facts_of, f"{TAKES}box->raw = at(bh->b_data); {body} if (n) return -EINVAL; brelse(bh); return 0;"
    )
    last = next(n for n, node in enumerate(graph.nodes) if node.returned == "-EINVAL")
    stop = next(stop for stop in one.explored().before if stop.node == last)
    assert bool(one.told_others(one.explored().path(stop).nodes)) is told


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("struct dentry *up = dget_parent(box->dentry); n = up->d_flags; return 0;", 1),
        ("struct dentry *up = dget_parent(box->dentry); n = up->d_flags; dput(up); return 0;", 0),
        ("struct dentry *up = dget_parent(box->dentry); box->up = up; return 0;", 0),
    ],
)
def test_what_may_be_meant_to_stay_is_told_of(facts_of, body, told):
    """A dentry that others may find by its name is kept without a word; the one release of a function could go unseen."""
    found, _ = holdings(facts_of, body, "dentry")
    ways = [way.why for one in found for way in unfollowed_ways(one, one.explored())]

    assert ways == ["a way to this return keeps up referenced, and whether it may cannot be seen"] * told


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("if (n) return NULL; return bh->b_data;", 1),
        ("if (n) return NULL; return look_into(bh);", 1),
        ("if (n) return NULL; box->bh = bh; return box;", 1),
        ("if (n) return NULL; return box;", 0),
        ("box->bh = bh; if (n) return NULL; return box;", 0),
        ("if (n) { brelse(bh); return NULL; } return bh->b_data;", 0),
    ],
    ids=["a part of it", "made from it", "where it was put", "another", "put there before", "given back"],
)
def test_who_returns_nothing_hands_nothing_out(facts_of, body, told):
    """`return bh->b_data;` leaves the buffer head to who calls, as `return box;` does once it stands in the box; a NULL leaves it
    to nobody."""
    got = "struct buffer_head *bh = sb_bread(sb, 1); if (!bh) return NULL; "
    ((holding,), _) = holdings(facts_of, f"{got}{body}", returns="char *")
    assert len(holding.breaches(holding.explored())) == told


def test_a_null_takes_nothing_from_what_was_there_before(facts_of):
    """m_start() counts the address space of the reader, by which m_stop() puts it, whether there is another area or not."""
    body = "struct buffer_head *bh = box->bh; get_bh(bh); if (n) return NULL; if (box) brelse(bh); return bh->b_data;"
    ((holding,), _) = holdings(facts_of, body, returns="char *")
    assert not holding.breaches(holding.explored())


@pytest.mark.parametrize(("given", "told"), [("NULL", 0), ("n", 1)])
def test_a_null_tells_a_call_of_no_failure(facts_of, given, told):
    """`read_mapping_page(mapping, at, NULL)` was taken to be told of the failure that `return NULL` ends with."""
    body = f"struct page *page = read_mapping_page(mapping, 1, {given}); if (IS_ERR(page)) return NULL; if (box) return {given}; "
    ((holding,), _) = holdings(facts_of, f"{body}return page;", "page", returns="char *")
    seen = holding.explored()
    ends = [one for one in seen.arrivals if one.state == "owed" and holding.graph.nodes[one.node].returned == given]
    assert [len(holding.told(seen.path(one.stop).nodes)) for one in ends] == [told]


@pytest.mark.parametrize(
    ("body", "forgotten", "told"),
    [
        ("if (n) { brelse(bh); return NULL; } if (box) return NULL; brelse(bh); return box;", 1, 0),
        ("if (n) return NULL; if (box) return NULL; brelse(bh); return box;", 0, 2),
        ("if (n) return NULL; brelse(bh); return box;", 1, 0),
        ("if (n) { brelse(bh); return NULL; } if (box) { box->bh = bh; return NULL; } brelse(bh); return box;", 0, 0),
        ("if (n) { brelse(bh); return NULL; } brelse(bh); return box;", 0, 0),
    ],
)
def test_who_returns_nothing_gives_back_what_others_that_do_give_back(facts_of, body, forgotten, told):
    """Nobody finds the buffer head by a NULL; where several keep it, and none gives it back, whether that is meant is unseen."""
    got = "struct buffer_head *bh = sb_bread(sb, 1); if (!bh) return NULL; "
    ((holding,), _) = holdings(facts_of, f"{got}{body}", returns="char *")
    seen = holding.explored()
    found = holding.forgotten(seen)

    assert forgotten == len(found)
    assert told == len(holding.undecided(seen, {one.node for one in found}))


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (f"{TAKES}if (n) bh = NULL; brelse(bh); return n;", "wrong"),
        (f"{TAKES}char *raw = bh->b_data; box->raw = raw; if (n) bh = NULL; brelse(bh); return n;", "unseen"),
        (f"{TAKES}box->raw = bh->b_data; if (n) bh = NULL; brelse(bh); return n;", "unseen"),
        (f"{TAKES}char *raw = bh->b_data; if (n) bh = NULL; brelse(bh); return n;", "wrong"),
        (f"{TAKES}if (n) {{ brelse(bh); bh = NULL; }} brelse(bh); return n;", ""),
        (f"{TAKES}if (n) {{ box->bh = bh; bh = NULL; }} brelse(bh); return n;", ""),
    ],
)
def test_a_name_that_is_cleared_while_the_thing_is_owed_is_told_of(facts_of, body, told):
    """Nothing is given back under it from there on; who was told of what is made from it may do so."""
    ((holding,), _) = holdings(facts_of, body)
    seen = holding.explored()
    wrong = any(one.says == CLEARED for one in holding.overwritten(seen))
    unseen = any("bh is cleared on a way" in one.why for one in unfollowed_ways(holding, seen))

    assert told == ("wrong" if wrong else "unseen" if unseen else "")
    assert not (wrong and unseen)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("if (n) goto out; return 0; out: brelse(box->first); return -EIO;", "box->first"),
        ("if (n) goto out; return 0; out: brelse(box->first); brelse(box->bh); return -EIO;", ""),
        ("if (n) goto out; return 0; out: brelse(bed->first); return -EIO;", ""),
        ("if (n) goto out; return 0; out: return -EIO;", ""),
    ],
)
def test_what_stands_beside_others_that_are_given_back_is_told_of(facts_of, body, told):
    """What others find is theirs to give back, but for a function that throws away what it has filled."""
    code = f"box->bh = sb_bread(sb, 1); if (!box->bh) return -EIO; {body}"
    facts = facts_of({"fs/a.c": f"{HEAD}static int f(struct super_block *sb, struct box *box, int n) {{ {code} }}\n"})
    graph = facts.index.graph(facts.index.definitions("f")[0])
    takers = takers_of(things()["buffer"], facts.index, facts.effects)

    found = [
        one.why
        for one in unfollowed_takes(graph, takers.source("fs/a.c"), lambda: takers.holdings(graph, "fs/a.c"))
        if "stands beside" in one.why
    ]

    assert [f"that only {told} is given back here" in one for one in found] == [True] * bool(told)


@pytest.mark.parametrize(
    ("end", "found"),
    [("return -EINVAL; brelse(bh);", True), ("goto out; brelse(bh); out: if (sb) return -EIO;", False)],
)
def test_where_tests_were_forgotten_a_failing_way_may_contradict_itself(facts_of, end, found):
    """That the search had to forget is told; a way on which `err` is two numbers at once is no finding, but to a return that
    nobody comes to without the thing every way does with it."""
    ((holding,), _) = holdings(facts_of, f"{TAKES}if (n) {end} return 0;")
    seen = holding.explored()

    assert holding.breaches(seen)
    assert bool(holding.breaches(replace(seen, merged=True))) is found


def test_what_a_function_warns_of_its_author_holds_for_impossible(facts_of):
    """A leak behind `WARN_ON()` is one to the letter."""
    for test, lower in (("WARN_ON(n > 3)", True), ("n > 3", False)):
        body = f"{TAKES}if ({test}) goto out; brelse(bh); return 0; out: if (box) return -EINVAL; return -EIO;"
        ((holding,), _) = holdings(facts_of, body)
        seen = holding.explored()
        for one in holding.breaches(seen):
            found = doubts(holding, seen.path(one.stop), asked=True)
            assert lower is any("holds that for impossible" in why for _, why in found)


@pytest.mark.parametrize(("given", "lower"), [("box->bh", True), ("box->other", False)])
def test_what_is_compared_with_what_goes_back_may_be_the_same(facts_of, given, lower):
    """A reference for each user of one buffer is given back by the name that the first of them gave it."""
    body = (
        f"{TAKES}if (box->n++) WARN_ON(bh != box->bh); else box->first = 1; if (n > 3) goto out; brelse(bh); return 0;"
    )
    ((holding,), _) = holdings(facts_of, f"{body} out: brelse({given}); return -EIO;")
    seen = holding.explored()
    found = [{why for _, why in doubts(holding, seen.path(one.stop), asked=True)} for one in holding.breaches(seen)]

    assert [lower] == [any("box->bh keeps is given back" in why for why in each) for each in found]


PARKED = """\
static int all(struct address_space *mapping, int n)
{{
	struct page *page;

	for (int i = 0; i < n; i++) {{
		page = read_mapping_page(mapping, i, NULL);
		if (IS_ERR(page))
			return PTR_ERR(page);
	}}
	for (int i = 0; i < n; i++) {{
		page = find_get_page(mapping, i);
		{put}
	}}
	return 0;
}}
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	return all(dir->i_mapping, 9);
}}
"""


@pytest.mark.parametrize(
    ("put", "lost"),
    [("put_page(page);\n\t\tput_page(page);", 0), ("put_page(page);", 2)],
    ids=["twice what was taken", "only what was taken"],
)
def test_what_is_found_again_is_given_back_there(wrongs, put, lost):
    """Pages that are left in the cache on purpose, and found again and put twice, were said to be lost."""
    assert sum("puts another" in one for one in wrongs(PARKED.format(put=put), "all")) == lost


CONSUMED = """\
static void close(struct file *file, int n)
{{
	get_file(file);
	{first}
	fput(file);
}}
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	close(dir->i_private, dir->i_flags);
	return 0;
}}
"""


@pytest.mark.parametrize(
    ("first", "twice"),
    [("fput(file);", 0), ("if (!n)\n\t\treturn;\n\tfput(file);", 1)],
    ids=["on every way", "on some ways"],
)
def test_who_counts_what_he_is_given_may_give_up_both(wrongs, first, twice):
    """A function that closes what its caller gives it, and counts it to end it itself, was said to put it once too often."""
    assert len(wrongs(CONSUMED.format(first=first), "close")) == twice


@pytest.mark.parametrize(
    ("body", "again"),
    [
        ("lock_page(page); if (n) goto again; unlock_page(page); again: lock_page(page); unlock_page(page);", True),
        ("lock_page(page); if (n) return 0; unlock_page(page); lock_page(page); unlock_page(page);", False),
        ("lock_page(page); page = next_page(page); lock_page(page); unlock_page(page);", False),
        ("lock_page(page); drop_page(page); lock_page(page); unlock_page(page);", False),
        ("lock_page(page); lock_page(other); unlock_page(other); unlock_page(page);", False),
        ("get_page(page); get_page(page); put_page(page); put_page(page);", False),
    ],
    ids=["jumped past the unlock", "unlocked", "another page", "perhaps unlocked", "of two", "counted"],
)
def test_a_page_that_is_locked_is_not_waited_for(facts_of, body, again):
    """Who waits for the page that he has locked himself waits for ever; it was told of methods alone."""
    text = f"struct page *page = first(box), *other = first(sb); {body} return 0;"
    found = [one for thing in ("page_lock", "page") for one in holdings(facts_of, text, thing)[0]]

    assert again is any(wrong.says == RETAKEN for one in found for wrong in one.twice(one.explored()))


HANDS = "struct buffer_head *bh = sb_bread(sb, 1), *other = 0; if (!bh) return 0; {} return bh;"


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        ("if (n) return find(sb);", True),
        ("other = sb_getblk(sb, 2); if (n) return other;", True),
        ("if (n) return part_of(bh);", False),
        ("other = bh; if (n) return other;", False),
        ("other = owner_of(bh); if (n) return other;", False),
        ("if (n) { brelse(bh); return find(sb); }", False),
        ("box->bh = bh; if (n) return find(sb);", False),
    ],
    ids=["another call's", "another one", "made of it", "a copy", "made of it before", "given back", "kept elsewhere"],
)
def test_who_hands_back_another_one_keeps_the_first(facts_of, body, kept):
    """A look-up that goes on to hand back another dentry than the one that it has found keeps that for ever."""
    found, _ = holdings(facts_of, HANDS.format(body), returns="struct buffer_head *")
    first = [one for one in found if one.name == "bh"]
    assert kept is any(one.breaches(one.explored()) for one in first)


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ("box->raw = bh->b_data;", True),
        ("box->b_size = bh->b_size;", False),
        ("box->seen = box->b_size = bh->b_size;", False),
        ("box->seen = box->raw = bh->b_data;", True),
    ],
)
def test_a_member_that_both_have_tells_nobody_where_the_other_is(facts_of, step, told):
    """`dir->i_ctime = inode->i_ctime` was taken for a word to others: a link that failed kept the inode without one of ours."""
    ((one,), graph) = holdings(facts_of, f"{TAKES}{step} if (n) return -EINVAL; brelse(bh); return 0;")
    last = next(n for n, node in enumerate(graph.nodes) if node.returned == "-EINVAL")
    stop = next(stop for stop in one.explored().before if stop.node == last)
    assert bool(one.told_others(one.explored().path(stop).nodes)) is told
