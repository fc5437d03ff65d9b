// SPDX-License-Identifier: GPL-2.0-only
/// The inode is unlocked around a wait, and readlink(2) does not lock it.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

void dittany_wait(void);

static int dittany_readlink(struct dentry *dentry, char *buf, int len)
{
	struct inode *inode = d_inode(dentry);

	inode_unlock(inode);	/* violates: readlink.must_not_call moderate */
	dittany_wait();
	inode_lock(inode);
	memcpy(buf, inode->i_private, len);
	return len;
}

const struct inode_operations dittany_iops = {
	.readlink = dittany_readlink,
};
