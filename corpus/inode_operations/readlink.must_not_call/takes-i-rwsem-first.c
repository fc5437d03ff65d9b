// SPDX-License-Identifier: GPL-2.0-only
/// The target is copied while the inode is locked here.
// Kernel: 6.8
#include <linux/fs.h>

static int dittany_readlink(struct dentry *dentry, char *buf, int len)
{
	struct inode *inode = d_inode(dentry);

	inode_lock(inode);
	memcpy(buf, inode->i_private, len);
	inode_unlock(inode);	/* ok: readlink.must_not_call */
	return len;
}

const struct inode_operations dittany_iops = {
	.readlink = dittany_readlink,
};
