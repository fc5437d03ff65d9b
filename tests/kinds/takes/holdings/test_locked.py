"""Whose a lock is that a function takes again: told by what the rule finds wrong with it."""

import pytest

TAKEN_BACK = """\
struct inode {{ struct rw_semaphore i_data; int n; }};
static int restart(struct inode *inode, int *dropped)
{{
	if (inode->n)
		return -EIO;
	{drop}
	*dropped = 1;
	return 0;
}}
static int ensure(struct inode *inode)
{{
	int dropped = 0;
	int err = {call};

	if (dropped)
		down_write(&inode->i_data);
	return err;
}}
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	return ensure(dir);
}}
"""


@pytest.mark.parametrize(("drop", "lost"), [("up_write(&inode->i_data);", 0), ("", 1)], ids=["drops it", "does not"])
@pytest.mark.parametrize(
    "call",
    ["restart(inode, &dropped)", "run_it(inode, restart(inode, &dropped))"],
    ids=["a callee", "what a macro is given"],
)
def test_what_a_callee_has_dropped_is_taken_back_for_the_caller(wrongs, drop, call, lost):
    """The lock of a caller, which a helper's helper gives up and says so, was said to be taken and kept by who takes it back."""
    assert len(wrongs(TAKEN_BACK.format(drop=drop, call=call), "ensure")) == lost


RELOCKED = """\
static int out(struct address_space *mapping, struct page *page)
{{
	int err;

	if (!mapping->a_ops->{method})
		return -EINVAL;
	err = mapping->a_ops->{method}(page, mapping);
	if (err != AOP_WRITEPAGE_ACTIVATE)
		lock_page(page);
	return err < 0 ? -EIO : -EAGAIN;
}}
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	return out(dir->i_mapping, dentry->d_fsdata);
}}
"""


@pytest.mark.parametrize(("method", "lost"), [("writepage", 0), ("bmap", 1)])
def test_what_a_method_unlocks_is_locked_again_for_the_caller(wrongs, method, lost):
    """Who writes a page that comes to it locked has to lock it again: the method unlocks it."""
    assert len(wrongs(RELOCKED.format(method=method), "out")) == lost


FLAGGED = """\
static int walk(struct box *box, int *locked)
{{
	return box->ops->step(box, locked);
}}
static int each(struct box *box, int *locked)
{{
	int err = 0;

	if (!*locked) {{
		mutex_lock(&box->lock);
		{set}
	}}
	for (;;) {{
		err = walk(box, {given});
		if ({test})
			break;
		mutex_lock(&box->lock);
		{set}
	}}
	mutex_unlock(&box->lock);
	return err;
}}
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	int locked = 0;

	return each(dir->i_private, &locked);
}}
"""


@pytest.mark.parametrize(
    ("put", "given", "test", "twice"),
    [
        ("*locked = 1;", "locked", "*locked", 0),
        ("*locked = 1;", "NULL", "*locked", 0),
        ("", "locked", "*locked", 1),
        ("*locked = 1;", "locked", "box->n", 1),
    ],
    ids=["says that it dropped it", "cannot have cleared it", "no flag of it", "asks something else"],
)
def test_a_flag_that_a_callee_clears_says_that_it_dropped_the_lock(wrongs, put, given, test, twice):
    """The lock that a callee gives up, and says so by `*locked`, was said to be taken again by who had it no more."""
    assert len(wrongs(FLAGGED.format(set=put, given=given, test=test), "each")) == twice


HANDED_OUT = """\
struct box {{ struct mutex lock; int n; }};
static struct box *find(struct all *all)
{{
	struct box *box, *oldest;

again:
	oldest = all->last;
	mutex_lock(&oldest->lock);
	box = all->first;
	if (box->n) {{
		mutex_unlock(&oldest->lock);
		goto out;
	}}
	if (oldest->n > 3) {{
		mutex_unlock(&oldest->lock);
		goto again;
	}}
	{set}
out:
	box->n++;
	return box;
}}
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	struct box *box = find(dir->i_private);

	return box ? 0 : -EIO;
}}
"""


@pytest.mark.parametrize(
    ("put", "kept"), [("box = oldest;", 0), ("box = all->other;", 1)], ids=["what is locked", "another one"]
)
def test_what_is_returned_locked_by_another_name_is_its_callers(wrongs, put, kept):
    """Of two that one return hands out, the one locked, the lock was said to be kept as the other way gives back its own."""
    assert len(wrongs(HANDED_OUT.format(set=put), "find")) == kept


PUT_OR_LOCK = """\
struct box {{ struct lockref ref; int n; }};
static void box_end(struct box *box)
{{
	spin_unlock(&box->ref.lock);
}}
static bool box_put_or_lock(struct box *box)
{{
	if (lockref_put_or_lock(&box->ref))
		return true;
	if (box->n) {{
		count(box->n);
		{unlocks}
		return {with_it};
	}}
	return {last};
}}
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	if (box_put_or_lock(dir->i_private))
		return 0;
	box_end(dir->i_private);
	return 0;
}}
"""
UNLOCKS = "spin_unlock(&box->ref.lock);"


@pytest.mark.parametrize(
    ("unlocks", "with_it", "last", "wrong"),
    [
        (UNLOCKS, "true", "false", 0),
        ("", "true", "false", 1),
        ("", "false", "false", 0),
        ("", "true", "true", 0),
        ("", "box->n > 1", "false", 0),
    ],
    ids=["unlocks", "keeps it", "says so", "always says the same", "says something else"],
)
def test_who_says_by_true_that_it_has_nothing_must_not_have_it(wrongs, unlocks, with_it, last, wrong):
    """The last reference to a lock of all file systems goes so: its name says that it locks, and its result whether."""
    found = wrongs(PUT_OR_LOCK.format(unlocks=unlocks, with_it=with_it, last=last), "box_put_or_lock")

    assert len(found) == wrong


TRIES = """\
struct box {{ struct mutex lock; int n; }};
static int box_try(struct box *box)
{{
	int ret = mutex_trylock(&box->lock);

	if (ret && box->n) {{
		ret = 0;
		mutex_unlock(&box->lock);
	}}
	return {};
}}
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	if (!box_try(dir->i_private))
		return -EAGAIN;
	mutex_unlock(&((struct box *)dir->i_private)->lock);
	return 0;
}}
"""


@pytest.mark.parametrize(("returned", "wrong"), [("ret", False), ("ret ? -EIO : 0", True)])
def test_who_returns_what_an_attempt_returned_has_not_failed(wrongs, returned, wrong):
    """The lock of an array of disks is tried so, and what was got was said to be kept on a failure."""
    assert bool(wrongs(TRIES.format(returned), "box_try")) is wrong
