// SPDX-License-Identifier: GPL-2.0-only
/// i_lock is another lock of the same inode.
// Kernel: 6.8
#include <linux/fs.h>

static int purslane_fileattr_get(struct dentry *dentry, struct fileattr *fa)
{
	struct inode *inode = d_inode(dentry);

	spin_lock(&inode->i_lock);	/* ok: fileattr_get.no_relock */
	memcpy(fa, inode->i_private, 8);
	spin_unlock(&inode->i_lock);
	return 0;
}

const struct inode_operations purslane_iops = {
	.fileattr_get = purslane_fileattr_get,
};
