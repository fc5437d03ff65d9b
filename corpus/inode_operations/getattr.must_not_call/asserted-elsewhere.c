// SPDX-License-Identifier: GPL-2.0-only
/// A helper says that the lock of the node is held; one way of the method comes to it before it has taken the lock.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

#define lockdep_assert_held(lock) ((void)(lock))

struct sedge_node {
	struct mutex table_lock;
	unsigned long blocks;
};

static unsigned long sedge_blocks(struct sedge_node *node)
{
	lockdep_assert_held(&node->table_lock);
	return node->blocks;
}

static int sedge_getattr(const struct path *path, struct kstat *stat)
{
	struct sedge_node *node = path->dentry->d_inode->i_private;
	unsigned long blocks;

	if (!stat)
		return sedge_blocks(node) ? 0 : -EIO;	/* violates: getattr.must_not_call moderate */
	mutex_lock(&node->table_lock);
	blocks = sedge_blocks(node);	/* ok: getattr.must_not_call */
	mutex_unlock(&node->table_lock);
	return blocks ? 0 : -EIO;
}

const struct inode_operations sedge_inode_operations = {
	.getattr = sedge_getattr,
};
