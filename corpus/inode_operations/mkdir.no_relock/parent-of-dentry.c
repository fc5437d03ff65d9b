// SPDX-License-Identifier: GPL-2.0-only
/// The parent of the new dentry is the directory, under another name.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static int oxlip_mkdir(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct inode *parent = d_inode(dentry->d_parent);

	inode_lock(parent);	/* violates: mkdir.no_relock */
	parent->i_nlink++;
	inode_unlock(parent);
	return 0;
}

const struct inode_operations oxlip_iops = {
	.mkdir = oxlip_mkdir,
};
