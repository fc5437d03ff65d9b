// SPDX-License-Identifier: GPL-2.0-only
/// The inode that gets one more name is locked by the VFS as well.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static int peony_link(struct dentry *old, struct inode *dir, struct dentry *dentry)
{
	struct inode *inode = d_inode(old);

	inode_lock(inode);	/* violates: link.no_relock */
	inode->i_nlink++;
	inode_unlock(inode);
	d_instantiate(dentry, inode);
	return 0;
}

const struct inode_operations peony_iops = {
	.link = peony_link,
};
