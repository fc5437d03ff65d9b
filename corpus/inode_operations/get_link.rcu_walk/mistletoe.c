// SPDX-License-Identifier: GPL-2.0-only
/// Whether it may block is kept in a variable, and asked two calls down.
// Kernel: 6.12
#include <linux/fs.h>

struct mistletoe_node {
	struct mutex lock;
	char target[60];
};

static int mistletoe_lock(struct mistletoe_node *node, bool may_block)
{
	if (!may_block)
		return -ECHILD;
	mutex_lock(&node->lock);	/* ok: get_link.rcu_walk */
	return 0;
}

static int mistletoe_begin(struct mistletoe_node *node, bool may_block)
{
	return mistletoe_lock(node, may_block);
}

static const char *mistletoe_get_link(struct dentry *dentry, struct inode *inode, struct delayed_call *done)
{
	struct mistletoe_node *node = inode->i_private;
	bool may_block = dentry != NULL;
	int err = mistletoe_begin(node, may_block);

	if (err)
		return ERR_PTR(err);
	mutex_unlock(&node->lock);
	return node->target;
}

const struct inode_operations mistletoe_link_ops = {
	.get_link = mistletoe_get_link,
};
