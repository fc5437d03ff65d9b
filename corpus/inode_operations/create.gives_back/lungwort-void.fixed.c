// SPDX-License-Identifier: GPL-2.0-only
/// A function that returns nothing keeps a lock on one of its ways, and nobody can tell; one that lets a helper do it keeps nothing.
// Kernel: 6.8
#include <linux/fs.h>
#include <linux/rwsem.h>

struct lungwort_dir { struct rw_semaphore lock; const struct lungwort_ops *ops; };
struct lungwort_ops { void (*wake_and_unlock)(struct lungwort_dir *own); };

int lungwort_space(struct inode *dir);

static void lungwort_touch(struct lungwort_dir *own, struct inode *dir)
{
	down_write(&own->lock);
	if (lungwort_space(dir)) {
		up_write(&own->lock);
		return;
	}
	up_write(&own->lock);
}

static void lungwort_wake(struct lungwort_dir *own, struct inode *dir)
{
	down_write(&own->lock);
	if (lungwort_space(dir)) {
		own->ops->wake_and_unlock(own);
		return;
	}
	up_write(&own->lock);
}

static int lungwort_create(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode, bool excl)
{
	lungwort_touch(dir->i_private, dir);
	lungwort_wake(dir->i_private, dir);
	return 0;
}

const struct inode_operations lungwort_iops = {
	.create = lungwort_create,
};
