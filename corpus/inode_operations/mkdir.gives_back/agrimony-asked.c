// SPDX-License-Identifier: GPL-2.0-only
/// What a call returned is asked for being zero and returned, and no zero is written anywhere; a count that is asked for is no failure.
// Kernel: 6.8
#include <linux/fs.h>
#include <linux/rwsem.h>

struct agrimony_dir { struct rw_semaphore lock; };

int agrimony_reserve(struct inode *dir);
int agrimony_write(struct inode *dir);

static int agrimony_copied(struct agrimony_dir *own, struct inode *dir)
{
	int got;

	down_read(&own->lock);
	got = agrimony_reserve(dir);
	if (got > 0)
		return got;	/* ok: mkdir.gives_back */
	up_read(&own->lock);
	return got;	/* ok: mkdir.gives_back */
}

static int agrimony_mkdir(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct agrimony_dir *own = dir->i_private;
	int err;

	if (agrimony_copied(own, dir) > 0)
		up_read(&own->lock);
	down_write(&own->lock);
	err = agrimony_reserve(dir);
	if (err)
		return err;	/* violates: mkdir.gives_back */
	err = agrimony_write(dir);
	up_write(&own->lock);
	return err;	/* ok: mkdir.gives_back */
}

const struct inode_operations agrimony_iops = {
	.mkdir = agrimony_mkdir,
};
