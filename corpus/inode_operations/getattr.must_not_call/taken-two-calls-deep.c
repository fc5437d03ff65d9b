// SPDX-License-Identifier: GPL-2.0-only
/// What it locks by a function of its own, two calls deep, is i_rwsem itself.
// Kernel: 6.8
#include <linux/fs.h>

void comfrey_count(struct inode *inode, struct kstat *stat);

static void comfrey_enter(struct inode *held)
{
	down_write(&held->i_rwsem);
}

static void comfrey_lock(struct inode *inode)
{
	comfrey_enter(inode->i_private);
}

static int comfrey_getattr(const struct path *path, struct kstat *stat)
{
	struct inode *inode = d_inode(path->dentry);

	comfrey_lock(inode);
	comfrey_count(inode, stat);
	inode_unlock(inode);	/* ok: getattr.must_not_call */
	return 0;
}

const struct inode_operations comfrey_iops = {
	.getattr = comfrey_getattr,
};
