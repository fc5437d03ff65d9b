// SPDX-License-Identifier: GPL-2.0-only
/// An early return forgets the semaphore; who takes it under a test, for its caller, or of what others find does not.
// Kernel: 6.8
// Source: the shape of jffs2_flash_writev() of 6.1
#include <linux/fs.h>
#include <linux/rwsem.h>

struct tansy_dir { struct rw_semaphore lock; };

int tansy_sum(struct inode *dir);
int down_write_killable(struct rw_semaphore *sem);

static int tansy_start(struct tansy_dir *own, struct inode *dir)
{
	down_write(&own->lock);
	if (tansy_sum(dir)) {
		up_write(&own->lock);
		return -ENOMEM;
	}
	return 0;
}

static int tansy_perhaps(struct tansy_dir *own, struct inode *dir, bool locks)
{
	int err;

	if (locks)
		down_write(&own->lock);
	err = tansy_sum(dir);
	if (locks)
		up_write(&own->lock);
	return err;
}

static int tansy_create(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode, bool excl)
{
	struct tansy_dir *own = dir->i_private;
	int err = tansy_perhaps(own, dir, excl) ? -EIO : tansy_start(own, dir);

	if (err)
		return err;
	up_write(&own->lock);
	err = down_write_killable(&own->lock);
	if (err)
		return err;
	if (excl) {
		err = tansy_sum(dir);
		if (err) {
			up_write(&own->lock);
			return err;
		}
	}
	up_write(&own->lock);
	return 0;
}

const struct inode_operations tansy_iops = {
	.create = tansy_create,
};
