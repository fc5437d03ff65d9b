// SPDX-License-Identifier: GPL-2.0-only
/// listxattr(2) does not lock the inode.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static bool heather_list(struct dentry *dentry)
{
	struct inode *inode = d_inode(dentry);
	bool shown;

	lockdep_assert_held(&inode->i_rwsem);	/* violates: list.must_not_call moderate */
	shown = inode->i_private != NULL;
	return shown;
}

const struct xattr_handler heather_xattr = {
	.list = heather_list,
};
