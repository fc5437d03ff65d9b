// SPDX-License-Identifier: GPL-2.0-only
/// The target is stored in an inode that nobody else knows.
// Kernel: 6.8
#include <linux/fs.h>

static int parsley_symlink(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry,
			   const char *target)
{
	struct inode *inode = new_inode(dir->i_sb);

	down_write(&inode->i_rwsem);	/* ok: symlink.no_relock */
	memcpy(inode->i_private, target, 60);
	up_write(&inode->i_rwsem);
	d_instantiate(dentry, inode);
	return 0;
}

const struct inode_operations parsley_iops = {
	.symlink = parsley_symlink,
};
