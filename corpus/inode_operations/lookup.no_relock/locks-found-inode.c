// SPDX-License-Identifier: GPL-2.0-only
/// What is locked is the inode that was found.
// Kernel: 6.8
#include <linux/fs.h>

static struct dentry *nettle_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct inode *inode = dir->i_private;

	inode_lock(inode);	/* ok: lookup.no_relock */
	inode->i_nlink++;
	inode_unlock(inode);
	d_instantiate(dentry, inode);
	return NULL;
}

const struct inode_operations nettle_iops = {
	.lookup = nettle_lookup,
};
