"""What a file system's own functions get and give back themselves, and what they begin and end."""

import pytest

PAIR = """\
struct bed {{ int n; struct bed *next; }};
static int bed_alloc(int n, struct bed **out) {{ *out = kzalloc(n, 1); return *out ? 0 : -ENOMEM; }}
static void bed_cancel(struct bed *bed) {{ kfree(bed); }}
static int bed_keeps(struct bed *bed, struct bed *all) {{ all->next = bed; return bed->n ? -EIO : 0; }}
static int one(int n) {{ struct bed *bed; int err = bed_alloc(n, &bed); if (err) return err; bed_cancel(bed); return 0; }}
static int two(int n) {{ struct bed *bed; int err = bed_alloc(n, &bed); if (err) return err; bed_cancel(bed); return 1; }}
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	struct bed *bed, all;
	int err = bed_alloc(dir->i_nlink, &bed);

	if (err)
		return err;
	{body}
}}
"""
ALONE = ["demo_lookup() returns with bed still referenced, on this way alone"]
FAILS = ["demo_lookup() fails with bed still referenced"]


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        (
            (
                "if (dir->i_ino) goto done; err = grow(dir); if (err) goto out; bed_cancel(bed); done: return sum(dir);\n"
                "out: bed_cancel(bed); return err;"
            ),
            ALONE,
        ),
        ("if (dir->i_ino) goto done; bed_cancel(bed); done: return sum(dir);", []),
        ("if (dir->i_ino) goto out; bed_cancel(bed); return sum(dir); out: return grow(dir);", ALONE),
        ("err = bed_keeps(bed, &all); if (err) return err; bed_cancel(bed); return 0;", FAILS),
        ("bed_keeps(bed, dir->i_private); return 0;", []),
        ("list_add_tail(&bed->node, dir->i_private); if (dir->i_ino) return -EIO; bed_cancel(bed); return 0;", []),
        ("list_add_tail(&bed->node, &dir->i_list); if (dir->i_ino) return -EIO; bed_cancel(bed); return 0;", []),
        ("list_add_tail(&bed->node, &rows); if (dir->i_ino) return -EIO; bed_cancel(bed); return 0;", []),
        ("bed_cancel(bed); return 0;", []),
    ],
    ids=[
        "like another way",
        "a test of a release",
        "a return of its own",
        "kept meanwhile",
        "handed over",
        "linked",
        "linked to a part",
        "linked here",
        "sound",
    ],
)
def test_ways_that_nobody_can_tell_apart(wrongs, body, wrong):
    """A way that leaves out the release, and ends where others have it behind them, was silent; what a callee keeps meanwhile
    was taken for its own, though the function gives it back behind that."""
    assert wrongs(PAIR.format(body=body)) == wrong


def test_what_others_may_have_is_not_asked_of_each_way(wrongs):
    """A buffer may be kept on purpose: only of what all who get one give back is every such way told."""
    code = """\
struct buffer_head *sb_bread(struct super_block *sb, int n);
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{
	struct buffer_head *bh = sb_bread(dir->i_sb, 1);
	int err;

	if (!bh)
		return -EIO;
	if (dir->i_ino)
		goto done;
	err = grow(dir);
	if (err)
		goto out;
	brelse(bh);
done:
	return sum(dir);
out:
	brelse(bh);
	return err;
}
"""
    assert wrongs(code) == []


SPAN = """\
struct bed {{ int n, open; }};
static {returns} bed_begin(struct bed *bed) {{ if (bed->n) return -EIO; return bed->open++ ? grow(bed) : 0; }}
static void bed_end(struct bed *bed) {{ bed->open--; }}
static void bed_stop(struct bed *bed) {{ bed->open = 0; }}
static void bed_put(struct bed *bed) {{ bed->n--; }}
static void bed_end_rows(struct inode *dir) {{ dir->i_nlink = 0; }}
{users}
static int demo_lookup(struct inode *dir, struct dentry *dentry)
{{
	struct bed *bed = dir->i_private;
	int err;

	{body}
	bed_end(bed);
	return 0;
}}
"""
USER = "static int user%d(struct bed *bed) { int err = bed_begin(bed); if (err) return err; bed_end(bed); return 0; }\n"
KEPT = ["demo_lookup() fails with bed_begin() on bed still held"]
BEGIN = "err = bed_begin(bed); if (err) return err;"


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        (f"{BEGIN} if (dir->i_ino) return -EIO;", KEPT),
        ("bed_begin(bed); if (dir->i_ino) return -EIO;", KEPT),
        (f"{BEGIN} if (dir->i_ino) {{ bed_put(bed); return -EIO; }}", KEPT),
        (f"{BEGIN} if (dir->i_ino) {{ bed_stop(bed); return -EIO; }}", []),
        (f"{BEGIN} if (dir->i_ino) {{ bed_end_rows(dir); return -EIO; }}", []),
        (f"{BEGIN} if (dir->i_ino) {{ bed_stop_rows(dir); return -EIO; }}", KEPT),
        (f"{BEGIN} bed_end(bed); if (dir->i_ino) return -EIO; {BEGIN}", []),
        (f"{BEGIN} bed_end(bed);", []),
        ("err = dir->i_ino ? grow(bed) : bed_begin(bed); if (err) return -EIO;", []),
    ],
    ids=[
        "kept",
        "value not asked",
        "a reference",
        "stopped",
        "ended by its owner",
        "of its owner",
        "ended",
        "ended twice",
        "one of two",
    ],
)
def test_what_is_begun_is_ended(wrongs, body, wrong):
    """A transaction that no document names was left running; what else may end one nobody has told."""
    users = "".join(USER % number for number in range(4))
    assert wrongs(SPAN.format(returns="int", users=users, body=body)) == wrong


WAITS = """\
static int waits(struct bed *bed, int *at)
{
	int now = *at;

	while (now == *at) {
		bed_end(bed);
		schedule();
		bed_begin(bed);
		if (stopped())
			break;
	}
	return now == *at ? -EINTR : 0;
}
static int demo_lookup"""


def test_who_ends_it_first_has_it_from_his_caller(wrongs):
    """Who lets others in while he waits, and takes it again for his caller, was said to keep it where he is interrupted."""
    code = SPAN.format(
        returns="void", users="".join(USER % number for number in range(4)), body="err = waits(bed, &bed->n);"
    )
    assert wrongs(code.replace("static int demo_lookup", WAITS), "waits") == []


IGNORES = """\
static int waits(struct bed *bed, int *at)
{
	bed_begin(bed);
	if (*at)
		goto out;
	bed_end(bed);
out:
	return 0;
}
static int demo_lookup"""


def test_who_does_not_ask_knows_that_it_does_not_fail(wrongs):
    """A test behind a taking that nobody asked about seemed to ask whether it had been taken, and what it kept was silent."""
    code = SPAN.format(
        returns="int", users="".join(USER % number for number in range(4)), body="err = waits(bed, &bed->n);"
    )
    found = wrongs(code.replace("static int demo_lookup", IGNORES), "waits")
    assert found == ["waits() returns with bed_begin() on bed still held, which other ways give back"]


CLOSES = """\
static void bed_close_end(struct bed *bed) { bed_end(bed); }
static int waits(struct bed *bed, int *at)
{
	int err = bed_begin(bed);

	if (err)
		return err;
	if (*at)
		return -EIO;
	bed_close_end(bed);
	return 0;
}
static int demo_lookup"""


def test_what_is_seen_of_a_callee_counts_before_its_name(wrongs):
    """Who ends it by a helper that is seen to do so was said to hide what becomes of it, for what that is called."""
    code = SPAN.format(
        returns="int", users="".join(USER % number for number in range(4)), body="err = waits(bed, &bed->n);"
    )
    found = wrongs(code.replace("static int demo_lookup", CLOSES), "waits")
    assert found == ["waits() fails with bed_begin() on bed still held"]


def test_what_helpers_take_is_told_by_that(wrongs):
    """A mutex that a pair of helpers takes and gives back was told of twice: by its name, and by theirs."""
    users = "".join(USER % number for number in range(4))
    code = SPAN.format(returns="int", users=users, body=f"{BEGIN} if (dir->i_ino) return -EIO;")
    code = code.replace(
        "if (bed->n) return -EIO; return bed->open++ ? grow(bed) : 0;", "return mutex_lock_killable(&bed->lock);"
    )
    assert wrongs(code.replace("bed->open--;", "mutex_unlock(&bed->lock);")) == [
        "demo_lookup() fails with mutex bed->lock still locked"
    ]
