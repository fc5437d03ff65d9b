// SPDX-License-Identifier: GPL-2.0-only
/// Helpers that lock something of their own, or let go for a while, leave what their caller holds; one that lets go at times does not.
// Kernel: 6.8
#include <linux/fs.h>
#include <linux/rwsem.h>

struct figwort_dir { struct rw_semaphore lock; struct figwort_dir *parent; };

int figwort_space(struct inode *dir);

static void figwort_note(struct figwort_dir *above)
{
	down_write(&above->lock);
	figwort_space((struct inode *)above);
	up_write(&above->lock);
}

static int figwort_wait(struct figwort_dir *own, struct inode *dir, int mode)
{
	int err;

	if (mode != 2)
		up_write(&own->lock);
	err = figwort_space(dir);
	if (mode != 2)
		down_write(&own->lock);
	return err;
}

static void figwort_drop(struct figwort_dir *own, struct inode *dir)
{
	if (figwort_space(dir))
		up_write(&own->lock);
}

static int figwort_create(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode, bool excl)
{
	struct figwort_dir *own = dir->i_private;

	down_write(&own->lock);
	figwort_note(own->parent);
	if (figwort_wait(own, dir, mode)) {
		up_write(&own->lock);
		return -ENOSPC;
	}
	if (figwort_space(dir)) {
		figwort_drop(own, dir);
		return -EIO;
	}
	up_write(&own->lock);
	return 0;
}

const struct inode_operations figwort_iops = {
	.create = figwort_create,
};
