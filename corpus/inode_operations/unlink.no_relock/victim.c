// SPDX-License-Identifier: GPL-2.0-only
/// The victim is locked too when ->unlink() is called.
// Fixable: no
#include <linux/dcache.h>

static int sorrel_unlink(struct inode *dir, struct dentry *dentry)
{
	struct inode *inode = d_inode(dentry);

	dir->i_size--;
	inode_lock(inode);	/* violates: unlink.no_relock */
	inode->i_private = NULL;
	inode_unlock(inode);
	return 0;
}

const struct inode_operations sorrel_iops = {
	.unlink = sorrel_unlink,
};
