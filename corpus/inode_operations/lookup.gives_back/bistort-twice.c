// SPDX-License-Identifier: GPL-2.0-only
/// Helpers take and give back a lock that is one for all; one of them gives it back by way of another, and once is enough.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>
#include <linux/rwsem.h>

struct bistort_bed { int number; };

static struct rw_semaphore bistort_sem;

int bistort_fill(struct inode *dir);
void bistort_note(struct bistort_bed *bed);

static void bistort_lock(void)
{
	down_write(&bistort_sem);
}

static void bistort_unlock(void)
{
	up_write(&bistort_sem);
	bistort_note(NULL);
}

static void bistort_leave(struct bistort_bed *bed)
{
	bed->number = 0;
	bistort_unlock();
}

static int bistort_begin(struct inode *dir)
{
	int err;

	bistort_lock();
	err = bistort_fill(dir);
	bistort_unlock();
	if (err)
		bistort_note(NULL);
	return err;	/* ok: lookup.gives_back */
}

static struct dentry *bistort_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct bistort_bed *bed = dir->i_private;
	int err = bistort_begin(dir);

	if (err)
		return ERR_PTR(err);
	bistort_lock();
	err = bistort_fill(dir);
	bistort_leave(bed);
	if (err)
		bistort_unlock();	/* violates: lookup.gives_back moderate */
	return ERR_PTR(err);
}

const struct inode_operations bistort_iops = { .lookup = bistort_lookup };
