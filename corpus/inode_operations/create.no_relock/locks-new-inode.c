// SPDX-License-Identifier: GPL-2.0-only
/// The new inode is locked while it is filled.
// Kernel: 6.8
#include <linux/fs.h>

static int orpine_create(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode,
			 bool excl)
{
	struct inode *inode = new_inode(dir->i_sb);

	inode_lock(inode);	/* ok: create.no_relock */
	inode->i_nlink = 1;
	inode_unlock(inode);
	d_instantiate(dentry, inode);
	return 0;
}

const struct inode_operations orpine_iops = {
	.create = orpine_create,
};
