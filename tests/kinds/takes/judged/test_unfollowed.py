"""What cannot be followed of what a function takes is told of."""

import pytest

from cocci_gen.kinds.takes.holdings.holding import LOST
from cocci_gen.kinds.takes.holdings.takers import takers_of
from cocci_gen.kinds.takes.judged.unfollowed import unfollowed_takes, unfollowed_ways
from cocci_gen.kinds.takes.words.things import things

HEAD = """\
struct buffer_head *sb_bread(struct super_block *sb, int block);
static int adds(struct super_block *sb, struct buffer_head *bh)
{
	int err = look(sb);
	if (sb->s_flags)
		sb->s_fs_info = bh;
	return err;
}
"""
TRIES = """\
static struct folio *f(struct xa_state *xas)
{
	struct folio *folio;
again:
	folio = xas_load(xas);
	if (!folio_try_get(folio))
		goto again;
	if (folio != xas_reload(xas)) {
		%s
		goto again;
	}
	return folio;
}
"""
BH = "struct buffer_head *bh; int err;\n\t"
TAKES = "bh = sb_bread(sb, 1);\n\tif (!bh)\n\t\treturn -EIO;\n\t"


def told_of(facts_of, text, thing):
    """What is told of the function `f` in a text, and how it is found to leave a thing behind."""
    facts = facts_of({"fs/a/a.c": text})
    (one,) = facts.index.definitions("f")
    graph = facts.index.graph(one)
    takers = takers_of(things()[thing], facts.index, facts.effects)
    every = [(held, held.explored()) for held in takers.holdings(graph, one.path)]
    found = [way.why for held, seen in every for way in unfollowed_ways(held, seen)]
    found += [wrong.says for held, seen in every for wrong in held.overwritten(seen)]
    followed = unfollowed_takes(graph, takers.source(one.path), lambda: takers.holdings(graph, one.path))
    return found + [way.why for way in followed]


def buffers(facts_of, body, returns="int"):
    """The same of one that takes buffer heads."""
    head = f"static {returns} f(struct super_block *sb, int n)"
    return told_of(facts_of, f"{HEAD}{head}\n{{\n\t{BH}{body}\n}}\n", "buffer")


@pytest.mark.parametrize(
    ("again", "found"),
    [
        ("goto again;", [LOST]),
        ("{ brelse(bh); goto again; }", []),
    ],
    ids=["left", "given back"],
)
def test_another_one_in_its_place(facts_of, again, found):
    """A release that is missing ahead of a `goto again` was silent, in a function that hands back the one it got in the end."""
    body = f"again: {TAKES.replace('-EIO', 'NULL')}if (look(sb)) {again} return bh;"
    assert buffers(facts_of, body, "struct buffer_head *") == found


@pytest.mark.parametrize(
    ("call", "step", "lost"),
    [
        ("sb_bread(sb, n)", "look(sb);", True),
        ("sb_bread(sb, n)", "n++;", False),
        ("sb_bread(sb, n)", "next(&n);", False),
        ("sb_new_block(sb, n)", "look(sb);", False),
        ("sb_bread(sb, n)", "sb->s_bh = bh;", False),
    ],
    ids=["the same place", "another place", "perhaps another place", "one more", "kept elsewhere"],
)
def test_only_another_look_at_the_same_place_loses_the_first(facts_of, call, step, lost):
    """A loop that collects what it finds, or makes as many as it needs, loses nothing."""
    head = "static struct buffer_head *sb_new_block(struct super_block *sb, int n) { return sb_bread(sb, n); }\n"
    text = f"static struct buffer_head *f(struct super_block *sb, int n)\n{{\n\tstruct buffer_head *bh;\nagain:\n\tbh = {call};\n"
    body = f"\tif (!bh)\n\t\treturn NULL;\n\tif (look(sb)) {{\n\t\t{step}\n\t\tgoto again;\n\t}}\n\treturn bh;\n}}\n"
    assert (LOST in told_of(facts_of, HEAD + head + text + body, "buffer")) is lost


def test_a_name_that_comes_to_mean_another_one_is_told_of(facts_of):
    """The lock of a page that is left behind in a loop was silent."""
    loop = "for (i = 0; i < n; i++) { folio = batch[i]; folio_lock(folio); if (n == i) %s folio_unlock(folio); }"
    text = "static int f(struct folio **batch, int n)\n{\n\tstruct folio *folio; int i;\n\t%s\n\treturn 0;\n}\n"
    found = told_of(facts_of, text % loop % "continue;", "page_lock")
    assert found == ["left for another one"]
    (told,) = told_of(facts_of, text % loop % "{ folio_unlock(batch[n]); continue; }", "page_lock")
    assert told == "folio comes to mean another one on a way that keeps it locked"
    assert not told_of(facts_of, text % loop % ";", "page_lock")


@pytest.mark.parametrize(
    ("returned", "told"),
    [("other", True), ("bh", False), ("NULL", True)],
)
def test_a_pointer_to_another_thing_gives_it_to_nobody(facts_of, returned, told):
    """A function that hands back another one kept what it took for itself, and no caller knows."""
    body = f"void *other = find(sb);\n\t{TAKES.replace('-EIO', 'NULL')}return {returned};"
    found = buffers(facts_of, body, "void *")
    assert any("whether it may cannot be seen" in why for why in found) is told


def test_a_return_that_may_fail_is_told_of_where_others_come_to_it_without(facts_of):
    """What is returned is more or less than zero: no caller is told which of the ways it was."""
    body = (
        f"{TAKES}err = look(sb); if (err) goto out; if (look(sb)) goto none; out: brelse(bh); none: return n ? n : err;"
    )
    assert any("whether it may cannot be seen" in why for why in buffers(facts_of, body))
    assert not buffers(facts_of, body.replace("goto none", "goto out"))
    hidden = buffers(facts_of, body.replace("if (look(sb)) goto none;", "unknown(bh); goto none;"))
    assert any(why.startswith("what a way to this return passes cannot be seen through") for why in hidden)


def test_a_callee_that_keeps_it_at_times_is_told_of(facts_of):
    """Its ways that leave the thing alone return what the others do: that it kept it was taken for granted."""
    body = f"{TAKES}err = adds(sb, bh); if (err) return -EIO; brelse(bh); return 0;"
    found = buffers(facts_of, body)
    assert any("adds() does so on some of its ways only, which its value does not tell" in why for why in found)


def test_a_reference_that_is_got_where_the_count_is_not_zero_is_followed(facts_of):
    """`folio_try_get()` takes what it is given: a way back to look once more that keeps it was silent."""
    assert told_of(facts_of, TRIES % ";", "page")
    assert not told_of(facts_of, TRIES % "folio_put(folio);", "page")


@pytest.mark.parametrize(("given", "hidden"), [("child", False), ("(struct dentry *)dir->i_private", True)])
def test_what_is_handed_over_beside_is_not_what_was_made_from_it(facts_of, given, hidden):
    """Who drops what he was given himself was taken to drop what the inode belongs to."""
    text = f"""\
static int make(struct inode *dir, struct dentry *child) {{ dput(child); return dir->i_size; }}
static int f(struct dentry *dentry, struct dentry *child)
{{
	struct dentry *parent = dget(dentry->d_parent);
	struct inode *dir = parent->d_inode;
	int err = make(dir, {given});

	if (err)
		return -EIO;
	dput(parent);
	return 0;
}}
"""
    assert any("by what was made from it" in why for why in told_of(facts_of, text, "dentry")) is hidden


def test_a_name_that_comes_to_mean_another_one_needs_a_search(facts_of):
    """Where no return keeps it, nobody looked: a reference that is lost ahead of a `goto again` was silent."""
    facts = facts_of({"fs/a/a.c": TRIES % ""})
    (one,) = facts.index.definitions("f")
    takers = takers_of(things()["page"], facts.index, facts.effects)
    assert [False] == [held.settled() for held in takers.holdings(facts.index.graph(one), one.path)]


@pytest.mark.parametrize(
    ("end", "told"),
    [
        ("", True),
        ("brelse(bh);", False),
        ("if (n) brelse(bh);", False),
        ("sb->s_fs_info = bh;", False),
        ("brelse(sb->s_fs_info);", False),
    ],
)
def test_what_no_way_is_seen_to_give_back_is_told_of(facts_of, end, told):
    """A function that returns nothing and calls what cannot be seen through was silent once its only release was gone."""
    body = f"bh = sb_bread(sb, 1);\n\tif (!bh)\n\t\treturn;\n\tunknown(bh);\n\t{end}"
    assert bool(buffers(facts_of, body, "void")) is told
