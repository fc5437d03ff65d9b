// SPDX-License-Identifier: GPL-2.0-only
/// Helpers take and give back a lock that is one for all; one of them gives it back by way of another.
// Kernel: 6.8
#include <linux/fs.h>
#include <linux/rwsem.h>

struct bryony_bed { int number; };

static struct rw_semaphore bryony_sem;

int bryony_fill(struct inode *dir);
void bryony_note(struct bryony_bed *bed);

static void bryony_lock(void)
{
	down_write(&bryony_sem);
}

static void bryony_unlock(void)
{
	up_write(&bryony_sem);
	bryony_note(NULL);
}

static void bryony_leave(struct bryony_bed *bed)
{
	bed->number = 0;
	bryony_unlock();
}

static int bryony_begin(struct inode *dir)
{
	bryony_lock();
	if (bryony_fill(dir))
		return -EIO;	/* violates: lookup.gives_back */
	bryony_unlock();
	return 0;	/* ok: lookup.gives_back */
}

static struct dentry *bryony_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct bryony_bed *bed = dir->i_private;
	int err = bryony_begin(dir);

	if (err)
		return ERR_PTR(err);
	bryony_lock();
	err = bryony_fill(dir);
	bryony_leave(bed);
	return ERR_PTR(err);	/* ok: lookup.gives_back */
}

const struct inode_operations bryony_iops = { .lookup = bryony_lookup };
