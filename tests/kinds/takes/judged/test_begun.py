"""A helper that takes a lock at times, and who forgets its counterpart."""

import pytest

from cocci_gen.kinds.takes.judged.begun import beginners_of

HELPERS = """\
struct bed { struct rw_semaphore sem; struct mutex lock; int depth; };
int bed_begin(struct bed *bed)
{
	int err = bed_note(bed);
	if (err < 0) return err;
	if (err > 0) return 0;
	down_read(&bed->sem);
	if (bed_full(bed)) { up_read(&bed->sem); return -ENOSPC; }
	return 0;
}
void bed_end(struct bed *bed) { if (--bed->depth == 0) up_read(&bed->sem); }
struct root *bed_open(struct bed *bed, int flags)
{
	struct root *root;
	if (flags & 1) mutex_lock(&bed->lock);
	root = bed_root(bed);
	if (IS_ERR(root)) bed_close(bed);
	return root;
}
void bed_close(struct bed *bed) { mutex_unlock(&bed->lock); }
"""


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("int err = bed_begin(bed); if (err) return err; err = bed_dig(bed); bed_end(bed); return err;", 0),
        ("int err = bed_begin(bed); if (err) return err; if (bed_dig(bed)) return -EIO; bed_end(bed); return 0;", 1),
        ("int err = bed_begin(bed); if (err) return err; if (bed_dig(bed)) return -EIO; return 0;", 0),
        ("bed_end(bed); err = bed_dig(bed); if (bed_begin(bed)) return -ENOSPC; if (err) return -EIO; return 0;", 0),
        (
            "struct root *root = bed_open(bed, 1); if (IS_ERR(root)) root = NULL; if (root) bed_close(bed); return -1;",
            0,
        ),
        ("struct root *root = bed_open(bed, 1); if (!root->on) return -EIO; bed_close(bed); return 0;", 1),
    ],
)
def test_a_failing_return_behind_a_lock_that_is_taken_at_times(facts_of, body, lines):
    """Without the line such a return passes for one that was examined: whether the helper took the lock nobody can see."""
    index = facts_of({"fs/bed/bed.c": f"{HELPERS}int f(struct bed *bed)\n{{\n\t{body}\n}}\n"}).index
    (one,) = index.resolve("f", "fs/bed/bed.c")
    beginners, graph = beginners_of(index), index.graph(one)
    asked = beginners.asked(index.text_of(one), one.path)
    assert len(list(beginners.unfollowed(graph, one.path, asked))) == lines
