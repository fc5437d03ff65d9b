// SPDX-License-Identifier: GPL-2.0-only
/// The lock is taken before the dentry is looked at, and the way out gives it back.
// Kernel: 6.12
#include <linux/fs.h>

struct bryony_node {
	struct mutex lock;
	char target[60];
};

static const char *bryony_get_link(struct dentry *dentry, struct inode *inode, struct delayed_call *done)
{
	struct bryony_node *node = inode->i_private;
	char *copy;
	int err = -ECHILD;

	if (!dentry)
		return ERR_PTR(-ECHILD);
	mutex_lock(&node->lock);
	if (!dentry)
		goto fail;
	err = -ENOMEM;
	copy = kmemdup(node->target, 60, GFP_KERNEL);
	if (!copy)
		goto fail;
	mutex_unlock(&node->lock);
	set_delayed_call(done, kfree, copy);
	return copy;
fail:
	mutex_unlock(&node->lock);
	return ERR_PTR(err);
}

const struct inode_operations bryony_link_ops = {
	.get_link = bryony_get_link,
};
