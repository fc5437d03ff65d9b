// SPDX-License-Identifier: GPL-2.0-only
/// The list of orphans has an inode of its own.
// Kernel: 6.8
#include <linux/fs.h>

static int pimpernel_rmdir(struct inode *dir, struct dentry *dentry)
{
	struct inode *orphans = dir->i_sb->s_fs_info;

	inode_lock(orphans);	/* ok: rmdir.no_relock */
	orphans->i_private = d_inode(dentry);
	inode_unlock(orphans);
	dir->i_nlink--;
	return 0;
}

const struct inode_operations pimpernel_iops = {
	.rmdir = pimpernel_rmdir,
};
