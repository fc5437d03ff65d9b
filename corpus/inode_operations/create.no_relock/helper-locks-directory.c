// SPDX-License-Identifier: GPL-2.0-only
/// The helper that makes room in the directory has callers that do not hold its lock.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static int orpine_make_room(struct inode *dir)
{
	int err = 0;

	inode_lock(dir);
	if (dir->i_size < 4096)
		dir->i_size = 4096;
	else
		err = -ENOSPC;
	inode_unlock(dir);
	return err;
}

static int orpine_create(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode,
			 bool excl)
{
	struct inode *inode = new_inode(dir->i_sb);
	int err = orpine_make_room(dir);	/* violates: create.no_relock */

	if (err)
		iput(inode);
	else
		d_instantiate(dentry, inode);
	return err;
}

const struct inode_operations orpine_iops = {
	.create = orpine_create,
};
