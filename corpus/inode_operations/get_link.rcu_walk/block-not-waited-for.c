// SPDX-License-Identifier: GPL-2.0-only
/// Without a dentry a block that is not there yet is not waited for.
// Kernel: 6.12
// Source: shape of the code after 9fa8e282c2bf ("ext4_get_link(): fix breakage in RCU mode")
#include <linux/fs.h>

struct rosewood_block {
	struct mutex lock;
	char data[60];
};

bool rosewood_uptodate(struct rosewood_block *block);

static char *rosewood_read(struct rosewood_block *block)
{
	mutex_lock(&block->lock);
	block->data[59] = 0;
	mutex_unlock(&block->lock);
	return block->data;
}

static const char *rosewood_get_link(struct dentry *dentry, struct inode *inode, struct delayed_call *done)
{
	struct rosewood_block *block = inode->i_private;

	if (inode->i_size < 60) {
		if (!dentry)
			return ERR_PTR(-ECHILD);
		return kmemdup(block->data, 60, GFP_KERNEL);	/* ok: get_link.rcu_walk */
	}
	if (!rosewood_uptodate(block)) {
		if (!dentry)
			return ERR_PTR(-ECHILD);
		return rosewood_read(block);	/* ok: get_link.rcu_walk */
	}
	return block->data;
}

const struct inode_operations rosewood_link_ops = {
	.get_link = rosewood_get_link,
};
