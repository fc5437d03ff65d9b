// SPDX-License-Identifier: GPL-2.0-only
/// The list of the layer below is fetched whatever the mode, as one long condition forgets it.
// Kernel: 6.8
// Source: after the shape of f4e19e595cc2 ("ovl: fix null pointer dereference in ovl_get_acl_rcu()"), with a wait behind its condition
#include <linux/fs.h>

struct sapele_node {
	struct mutex lock;
	struct inode *real;
	struct posix_acl *acl;
};

static struct posix_acl *sapele_fetch(struct sapele_node *node)
{
	struct posix_acl *acl;

	mutex_lock(&node->lock);
	acl = node->acl;
	mutex_unlock(&node->lock);
	return acl;
}

static struct posix_acl *sapele_get_inode_acl(struct inode *inode, int type, bool rcu)
{
	struct sapele_node *node = inode->i_private;

	if (rcu)
		return ERR_PTR(-ECHILD);
	if (!type || !node->real->i_private)
		return NULL;
	return sapele_fetch(node);
}

const struct inode_operations sapele_iops = {
	.get_inode_acl = sapele_get_inode_acl,
};
