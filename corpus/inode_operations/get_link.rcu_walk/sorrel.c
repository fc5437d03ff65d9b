// SPDX-License-Identifier: GPL-2.0-only
/// A declaration has its target read into `done` already: a bail-out behind it would lose what is there, and none can precede it.
// Kernel: 6.12
// Fixable: no
#include <linux/fs.h>

const char *sorrel_read(struct dentry *dentry, struct inode *inode, struct delayed_call *done);

static const char *sorrel_get_link(struct dentry *dentry, struct inode *inode, struct delayed_call *done)
{
	const char *link = sorrel_read(dentry, inode, done);
	struct mutex *lock = inode->i_private;

	mutex_lock(lock);	/* violates: get_link.rcu_walk */
	inode->i_size = 0;
	mutex_unlock(lock);
	return link;
}

const struct inode_operations sorrel_link_ops = {
	.get_link = sorrel_get_link,
};
