// SPDX-License-Identifier: GPL-2.0-only
/// What it locks by a function of its own is a mutex; what it releases in the middle is i_rwsem.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

void comfrey_count(struct inode *inode, struct kstat *stat);

struct comfrey_inode {
	struct mutex counters;
	struct inode vfs;
};

static void comfrey_enter(struct comfrey_inode *own)
{
	mutex_lock(&own->counters);
}

static void comfrey_lock(struct inode *inode)
{
	comfrey_enter(inode->i_private);
}

static int comfrey_getattr(const struct path *path, struct kstat *stat)
{
	struct inode *inode = d_inode(path->dentry);
	struct comfrey_inode *own = inode->i_private;

	comfrey_lock(inode);
	comfrey_count(inode, stat);
	inode_unlock(inode);	/* violates: getattr.must_not_call moderate */
	mutex_unlock(&own->counters);
	return 0;
}

const struct inode_operations comfrey_iops = {
	.getattr = comfrey_getattr,
};
