"""Whose a lock is that a function takes again: told by what the rule finds wrong with it."""

from dataclasses import replace

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


AGAIN = """\
static int find(struct box *box, int held)
{{
	struct item *one;

again:
	{take}
	list_for_each_entry(one, &box->all, at) {{
		if (one->n == box->n)
			goto again;
	}}
	mutex_unlock(&box->lock);
	return 0;
}}
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	return find(dir->i_private, 0);
}}
"""


@pytest.mark.parametrize(
    ("take", "wrong"),
    [
        ("mutex_lock(&box->lock);", ["find() takes mutex box->lock, which it holds already"]),
        ("if (!held) mutex_lock(&box->lock);\n\theld = 1;", []),
    ],
    ids=["always", "where it is not held"],
)
def test_a_round_that_begins_anew_with_the_lock_takes_it_again(wrongs, take, wrong):
    """The head of a list was taken for what the loop sets, and the test that leads back for one that asks for the lock."""
    assert wrongs(AGAIN.format(take=take), "find") == wrong


TWICE = """\
#define BOX_I(inode) ((struct box *)(inode)->i_private)
static void drop(struct inode *inode) {{ mutex_unlock(&BOX_I(inode)->lock); }}
static void drop_at_times(struct inode *inode) {{ if (inode->n) mutex_unlock(&BOX_I(inode)->lock); }}
static int find(struct inode *inode, int n)
{{
	int err = 0;

	mutex_lock(&BOX_I(inode)->lock);
	if (read_it(inode)) {{
		{first}
		goto out;
	}}
	count_it(inode);
out:
	if (n)
		{test};
	{second}
	return err;
}}
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	return find(dir, 1);
}}
"""
UNLOCK = "mutex_unlock(&BOX_I(inode)->lock);"


@pytest.mark.parametrize(
    ("first", "test", "second", "times"),
    [
        (UNLOCK, "err = -EIO", UNLOCK, 1),
        (UNLOCK, "err = -EIO", "drop(inode);", 1),
        ("drop(inode);", "err = -EIO", "drop(inode);", 1),
        (UNLOCK, "return 0", UNLOCK, 0),
        ("drop_at_times(inode);", "err = -EIO", UNLOCK, 0),
        ("drop(other);", "err = -EIO", UNLOCK, 0),
        (UNLOCK, "relock_it(inode)", UNLOCK, 0),
        (f"{UNLOCK} n = make_it(inode);", "return 0", UNLOCK, 1),
        (f"{UNLOCK} n = inode->i_size;", "return 0", UNLOCK, 0),
        (f"{UNLOCK} n = lock_it(inode);", "return 0", UNLOCK, 0),
        (f"{UNLOCK} mutex_unlock(&inode->other);", "err = -EIO", UNLOCK, 1),
    ],
    ids=[
        "itself",
        "helper last",
        "helper both",
        "may end",
        "at times",
        "of another",
        "locked between",
        "test of a call",
        "test of a place",
        "test of what may lock",
        "another unlocked between",
    ],
)
def test_a_second_release_is_told_where_every_way_comes_to_it(wrongs, first, test, second, times):
    """A test on the way, a macro around the owner or a helper hid each second release; one that may be left out is none."""
    found = [one for one in wrongs(TWICE.format(first=first, test=test, second=second), "find") if "already" in one]

    assert len(found) == times


ASKED = """\
static int find(struct box *box, int n)
{{
	if (box->full)
		mutex_lock(&box->lock);
	else
		return 0;
	if (n)
		mutex_unlock(&box->lock);
	count_it(box);
	if ({test})
		mutex_unlock(&box->lock);
	return 0;
}}
static int demo_lookup(struct inode *dir, struct dentry *dentry) {{ return find(dir->i_private, 1); }}
"""


@pytest.mark.parametrize(("test", "times"), [("box->full", 1), ("box->late", 0)], ids=["asked before", "new"])
def test_a_second_release_behind_a_test(wrongs, test, times):
    """What was asked before the lock was taken says nothing of who may have taken it again meanwhile."""
    assert sum("already" in one for one in wrongs(ASKED.format(test=test), "find")) == times


FORGOTTEN = """\
static int find(struct box *box, int n)
{{
	mutex_lock(&box->lock);
	{body}
}}
static int demo_lookup(struct inode *dir, struct dentry *dentry) {{ return find(dir->i_private, 1); }}
"""
END = "mutex_unlock(&box->lock);"


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (f"if (n) return -EINVAL; {END} return 0;", 1),
        (f"if (n) goto out; {END} out: if (box->n) return -EIO; return 0;", 0),
        ("if (n) return -EINVAL; return n;", 0),
    ],
    ids=["always held", "held at times", "never given back"],
)
def test_where_values_were_forgotten(looked_at, body, told):
    """A return that every way comes to with the lock is wrong whatever the tests say; of others nothing is known."""
    (duty,) = [one for one in looked_at(FORGOTTEN.format(body=body))[0] if one.definition.name == "find"]
    assert len(duty.holding.breaches(replace(duty.holding.explored(), merged=True))) == told


SPELLED = """\
#define BOX_SB(sb) ((struct box *)(sb)->s_fs_info)
static void each(struct inode *inode)
{{
	struct super_block *sb = inode->i_sb;
	mutex_lock(&BOX_SB(sb)->lock);
	mutex_unlock(&BOX_SB(sb)->lock);
}}
static int find(struct inode *inode, struct inode *other)
{{
	struct super_block *sb = {of}->i_sb;
	mutex_lock(&BOX_SB(sb)->lock);
	each(inode);
	mutex_unlock(&BOX_SB(sb)->lock);
	return 0;
}}
static int demo_lookup(struct inode *dir, struct dentry *dentry) {{ return find(dir, dir); }}
"""


@pytest.mark.parametrize(("of", "times"), [("inode", 1), ("other", 0)])
def test_helpers_spell_a_lock_their_own_way(wrongs, of, times):
    """`sb` stands in brackets in both, and only what it is made of tells whether a helper waits for its caller."""
    assert sum("holds already" in one for one in wrongs(SPELLED.format(of=of), "find")) == times


READER = """\
static struct box *lock_first(struct inode *inode)
{
	rcu_read_lock();
	return inode->i_private;
}
static int inner(struct inode *inode)
{
	rcu_read_lock();
	inode->n++;
	rcu_read_unlock();
	return inode->n;
}
static int find(struct inode *inode)
{
	rcu_read_lock();
	if (inner(inode))
		return -ENOENT;
	rcu_read_unlock();
	return 0;
}
static int naps(struct inode *inode)
{
	rcu_read_lock();
	nap();
	msleep(1);
	rcu_read_unlock();
	return 0;
}
static void nap(void)
{
	rcu_read_unlock();
	msleep(1);
	rcu_read_lock();
}
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{
	return find(dir) + naps(dir) + (lock_first(dir) != 0);
}
"""


def test_a_reader_of_rcu_gives_that_back_and_does_not_sleep(wrongs):
    """Nothing is named that it is taken of: no such fault was seen, and who naps outside of it does not sleep in it."""
    assert wrongs(READER, "find") == ["find() fails with read lock of RCU still held"]
    assert wrongs(READER, "lock_first") == []
    assert wrongs(READER, "naps") == ["naps() calls msleep(), which may sleep, with read lock of RCU held"]


FRESH = """\
struct inode *iget_locked(struct super_block *sb, int n);
static struct inode *box_iget(struct super_block *sb)
{{
	struct inode *inode = iget_locked(sb, 1);

	if (!inode)
		return ERR_PTR(-ENOMEM);
	if (!({test}))
		return inode;
	if (inode->n < 0) {{
		{drop}
		return ERR_PTR(-EIO);
	}}
	{end}
	return inode;
}}
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	return IS_ERR(box_iget(dir->i_sb));
}}
"""
OLD, NOW = "inode->i_state & I_NEW", "inode_state_read_once(inode) & I_NEW"


@pytest.mark.parametrize(
    ("test", "drop", "end", "wrong"),
    [
        (OLD, "iget_failed(inode);", "unlock_new_inode(inode);", []),
        (OLD, "iget_failed(inode);", "", ["box_iget() returns with new inode inode still locked"]),
        (NOW, "iget_failed(inode);", "", ["box_iget() returns with new inode inode still locked"]),
        (NOW, "iput(inode);", "unlock_new_inode(inode);", ["box_iget() fails with new inode inode still locked"]),
        (NOW, "", "unlock_new_inode(inode);", []),
        ("inode->n & I_NEW", "iget_failed(inode);", "", []),
    ],
    ids=["sound", "kept", "kept now", "put", "told as a reference", "of another"],
)
def test_who_finds_an_inode_to_be_new_unlocks_it(wrongs, test, drop, end, wrong):
    """Whether a call has locked an inode only a test of it tells: all who wait for it hung where it was not unlocked."""
    found = wrongs(FRESH.format(test=test, drop=drop, end=end), "box_iget")

    assert [one.partition(", which")[0] for one in found] == wrong


MODULES = """\
struct kind {{ struct module *owner; struct kind *next; int plain; }};
static void put_kind(struct kind *kind)
{{
	module_put(kind->owner);
}}
static int name(struct inode *dir)
{{
	struct kind *one, *found = NULL;
	int err;

	for (one = dir->i_private; one; one = one->next) {{
		if (try_module_get(one->owner))
			found = one;
		break;
	}}
	if (!found)
		return -EINVAL;
	err = use(found);
	if (err)
		return {fails};
	put_kind(found);
	return err;
}}
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	return name(dir);
}}
"""


@pytest.mark.parametrize(("fails", "times"), [("(put_kind(found), err)", 0), ("err", 1)])
def test_what_a_module_was_read_from_is_there(wrongs, fails, times):
    """What holds a counted module was taken for NULL behind the count, and who gives back where it is found was told of."""
    assert len(wrongs(MODULES.format(fails=fails), "name")) == times


KEPT = """\
struct kind {{ struct module *owner; }};
static int mount(struct inode *dir)
{{
	struct kind *kind = dir->i_private;
	int err;

	__module_get(kind->owner);
	err = fill(dir, kind);
	{gives}
	return err;
}}
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	return mount(dir);
}}
"""


@pytest.mark.parametrize("gives", ["", "if (err)\n\t\tmodule_put(kind->owner);", "if (err)\n\t\treturn err;"])
def test_a_module_is_kept_by_what_it_belongs_to(wrongs, gives):
    """Who counts a module for what he makes keeps it: only where he gives it back himself he may forget that."""
    assert wrongs(KEPT.format(gives=gives), "mount") == []


UNTAKEN = """\
static int get_both(struct box *box)
{{
	mutex_lock(&box->lock);
	if (box->full) {{
		mutex_unlock(&box->lock);
		return -EINVAL;
	}}
	return 0;
}}
static int find(struct box *box, int n)
{{
	int err = 0;

	{first}
	if ({take})
		goto out;
	{then}
	mutex_unlock(&box->lock);
	return 0;
out:
	{second}
	mutex_unlock(&box->{lock});
	return -EAGAIN;
}}
static int demo_lookup(struct inode *dir, struct dentry *dentry) {{ return find(dir->i_private, 1); }}
"""


@pytest.mark.parametrize(
    ("first", "take", "second", "lock", "told"),
    [
        ("", "!mutex_trylock(&box->lock)", "", "lock", True),
        ("err = mutex_lock_interruptible(&box->lock);", "err", "", "lock", True),
        ("err = get_both(box);", "err", "", "lock", True),
        ("", "mutex_trylock(&box->lock)", "", "lock", True),
        ("", "!mutex_trylock(&box->lock)", "relock_it(box);", "lock", False),
        ("", "!mutex_trylock(&box->lock)", "", "other", False),
        ("mutex_unlock(&box->lock);", "!mutex_trylock(&box->lock)", "", "lock", False),
        ("err = mutex_lock_interruptible(&box->lock);", "err", "if (box->n)", "lock", False),
    ],
    ids=["attempt", "interrupted", "helper", "the wrong way round", "relocked", "another", "had before", "asked"],
)
def test_what_was_not_taken_is_not_released(wrongs, first, take, second, lock, told):
    """A jump to a label one too far unlocks what somebody else has locked by then."""
    text = UNTAKEN.format(first=first, take=take, then="count_it(box);", second=second, lock=lock)
    words = "find() releases mutex box->lock, which it has failed to take"
    found = [one.replace("unlocks", "releases") for one in wrongs(text, "find")]
    assert (words in found) is told


EXITS = """\
static int find(struct box *box, int n)
{{
	int err;

	mutex_lock(&box->lock);
	if (!box->ready) {{
		mutex_unlock(&box->lock);
		{test}
		err = read_it(box);
		if (err)
			goto out;
		mutex_lock(&box->lock);
	}}
	err = count_it(box);
out:
	mutex_unlock(&box->lock);
	return err;
}}
static int demo_lookup(struct inode *dir, struct dentry *dentry) {{ return find(dir->i_private, 1); }}
"""


@pytest.mark.parametrize(
    ("test", "told"),
    [
        ("if (box->late)\n\t\t\treturn -EBUSY;", True),
        ("if (box->late)\n\t\t\treturn 0;", False),
        ("if (box->late)\n\t\t\tmutex_lock(&box->lock);", False),
    ],
    ids=["fails anew", "may know", "locks"],
)
def test_a_test_that_only_fails_asks_for_no_lock(wrongs, test, told):
    """The test of an early exit between two releases hid the second one."""
    assert any("already" in one for one in wrongs(EXITS.format(test=test), "find")) is told


WRITES = """\
static int write_it(struct folio *given, struct box *box, struct io *io)
{{
	struct folio *folio = {read};
	int err;

	folio_start_writeback(folio);
	if (box->full) {{
		folio_end_writeback(folio);
		return 0;
	}}
	err = {begin};
	if (err) {{
		{fails}
		return err;
	}}
	{io};
	return 0;
}}
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	return write_it(dentry->d_fsdata, dir->i_private, dir->i_link);
}}
"""


@pytest.mark.parametrize(
    ("read", "begin", "fails", "told"),
    [
        ("given", "count_it(box)", "", True),
        ("io->folio", "count_it(box)", "", True),
        ("given", "count_it(box)", "folio_end_writeback(folio);", False),
        ("given", "count_it(box)", "submit_bio(box->bio);", False),
        ("given", "box_add(box, folio)", "", False),
        ("io->folio", "box_add(box, io)", "", False),
    ],
    ids=["kept", "read", "ended", "ended by its I/O", "given on", "given what it was read from"],
)
def test_who_fails_ends_the_writeback_that_he_started(wrongs, read, begin, fails, told):
    """Helpers far below the method that owes the end of a writeback were asked by nobody whether they end it where they fail."""
    text = WRITES.format(read=read, begin=begin, fails=fails, io="submit_bio(box->bio)")
    assert wrongs(text, "write_it") == (["write_it() fails with writeback of folio still held"] if told else [])


SEVERAL = """\
static int write_all(struct box *box, int n)
{{
	int i, err;

	for (i = 0; i < n; i++)
		folio_start_writeback({one});
	err = count_it(box);
	for (i = 0; i < n; i++)
		folio_end_writeback({one});
	return err;
}}
static int demo_lookup(struct inode *dir, struct dentry *dentry) {{ return write_all(dir->i_private, 2); }}
"""


def test_writeback_of_several_is_ended_by_counting(wrongs):
    """A loop that ends what another one has started was said to leave it, where it is not run at all."""
    assert wrongs(SEVERAL.format(one="box->folios[i]"), "write_all") == []


RENAMES = """\
static int find(struct dentry *old, struct dentry *new, int n)
{{
	if (lock_rename(old, new)) {{
		unlock_rename(old, new);
		return -EINVAL;
	}}
	if (n) {{
		{fails}
		return -EIO;
	}}
	unlock_rename(old, new);
	return 0;
}}
static int demo_lookup(struct inode *dir, struct dentry *dentry) {{ return find(dentry, dir->i_private, 1); }}
"""


@pytest.mark.parametrize(("fails", "kept"), [("", True), ("unlock_rename(old, new);", False)])
def test_who_gets_no_common_parent_holds_both_directories(wrongs, fails, kept):
    """NULL was taken for a failure of lock_rename(), which hands back the one that is above the other, if one is."""
    found = wrongs(RENAMES.format(fails=fails), "find")
    assert found == (["find() fails with lock of old still held"] if kept else [])
