// SPDX-License-Identifier: GPL-2.0-only
/// A lookup comes with the directory locked for reading, and locks it for writing.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static struct dentry *nettle_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	inode_lock(dir);	/* violates: lookup.no_relock */
	dir->i_size++;
	inode_unlock(dir);
	return NULL;
}

const struct inode_operations nettle_iops = {
	.lookup = nettle_lookup,
};
