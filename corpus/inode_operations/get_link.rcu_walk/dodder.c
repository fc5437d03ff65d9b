// SPDX-License-Identifier: GPL-2.0-only
/// likely() around the test of the dentry, and a macro around the lock.
// Kernel: 6.12
#include <linux/fs.h>

#define likely(x) __builtin_expect(!!(x), 1)
#define DODDER_LOCK(node) do { mutex_lock(&(node)->lock); } while (0)
#define DODDER_UNLOCK(node) do { mutex_unlock(&(node)->lock); } while (0)

struct dodder_node {
	struct mutex lock;
	char target[60];
};

static const char *dodder_get_link(struct dentry *dentry, struct inode *inode, struct delayed_call *done)
{
	struct dodder_node *node = inode->i_private;

	if (likely(dentry)) {
		DODDER_LOCK(node);	/* ok: get_link.rcu_walk */
		DODDER_UNLOCK(node);
		return node->target;
	}
	return ERR_PTR(-ECHILD);
}

const struct inode_operations dodder_link_ops = {
	.get_link = dodder_get_link,
};
