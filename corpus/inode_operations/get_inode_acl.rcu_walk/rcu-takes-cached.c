// SPDX-License-Identifier: GPL-2.0-only
/// The condition is split, and rcu-walk gets what is known already.
// Kernel: 6.8
// Source: shape of the code after f4e19e595cc2 ("ovl: fix null pointer dereference in ovl_get_acl_rcu()")
#include <linux/fs.h>

struct wenge_node {
	struct mutex lock;
	struct inode *real;
	struct posix_acl *acl;
};

static struct posix_acl *wenge_fetch(struct wenge_node *node)
{
	struct posix_acl *acl;

	mutex_lock(&node->lock);
	acl = node->acl;
	mutex_unlock(&node->lock);
	return acl;
}

static struct posix_acl *wenge_get_inode_acl(struct inode *inode, int type, bool rcu)
{
	struct wenge_node *node = inode->i_private;

	if (!type)
		return NULL;
	if (!node->real)
		return WARN_ON(!rcu) ? NULL : ERR_PTR(-ECHILD);
	if (!node->real->i_private)
		return NULL;
	if (rcu)
		return node->acl;
	return wenge_fetch(node);	/* ok: get_inode_acl.rcu_walk */
}

const struct inode_operations wenge_iops = {
	.get_inode_acl = wenge_get_inode_acl,
};
