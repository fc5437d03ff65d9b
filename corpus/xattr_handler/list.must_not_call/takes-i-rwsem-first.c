// SPDX-License-Identifier: GPL-2.0-only
/// One look under the lock that is taken here.
// Kernel: 6.8
#include <linux/fs.h>

static bool heather_list(struct dentry *dentry)
{
	struct inode *inode = d_inode(dentry);
	bool shown;

	down_read(&inode->i_rwsem);
	shown = inode->i_private != NULL;
	up_read(&inode->i_rwsem);	/* ok: list.must_not_call */
	return shown;
}

const struct xattr_handler heather_xattr = {
	.list = heather_list,
};
