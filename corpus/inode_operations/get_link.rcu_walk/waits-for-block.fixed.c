// SPDX-License-Identifier: GPL-2.0-only
/// Both modes have a branch for a short target; a long one is read from its block, and nobody asks for the mode.
// Kernel: 6.12
// Source: after the shape of 9fa8e282c2bf ("ext4_get_link(): fix breakage in RCU mode"), with the outer test lost
#include <linux/fs.h>

struct mahogany_block {
	struct mutex lock;
	char data[60];
};

bool mahogany_uptodate(struct mahogany_block *block);

static char *mahogany_read(struct mahogany_block *block)
{
	mutex_lock(&block->lock);
	block->data[59] = 0;
	mutex_unlock(&block->lock);
	return block->data;
}

static const char *mahogany_get_link(struct dentry *dentry, struct inode *inode, struct delayed_call *done)
{
	struct mahogany_block *block = inode->i_private;

	if (!dentry)
		return ERR_PTR(-ECHILD);
	if (inode->i_size < 60) {
		if (!dentry)
			return ERR_PTR(-ECHILD);
		return kmemdup(block->data, 60, GFP_KERNEL);
	}
	if (!mahogany_uptodate(block))
		return mahogany_read(block);
	return block->data;
}

const struct inode_operations mahogany_link_ops = {
	.get_link = mahogany_get_link,
};
