// SPDX-License-Identifier: GPL-2.0-only
/// A caller that changes the flags reads them first, under the lock.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static int purslane_fileattr_get(struct dentry *dentry, struct fileattr *fa)
{
	struct inode *inode = d_inode(dentry);

	inode_lock_shared(inode);	/* violates: fileattr_get.no_relock low */
	memcpy(fa, inode->i_private, 8);
	inode_unlock_shared(inode);
	return 0;
}

const struct inode_operations purslane_iops = {
	.fileattr_get = purslane_fileattr_get,
};
