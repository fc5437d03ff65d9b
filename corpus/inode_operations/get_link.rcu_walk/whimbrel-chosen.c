// SPDX-License-Identifier: GPL-2.0-only
/// Whether the walk is sent back, or the caller is refused, one return chooses: by an error of each.
// Kernel: 6.12
// Fixable: no
#include <linux/fs.h>

const char *whimbrel_text(struct inode *inode, gfp_t how);

static const char *whimbrel_get_link(struct dentry *dentry, struct inode *inode, struct delayed_call *done)
{
	const char *text = whimbrel_text(inode, dentry ? GFP_KERNEL : GFP_ATOMIC);

	if (!text)
		return dentry ? ERR_PTR(-ENOMEM) : ERR_PTR(-EAGAIN);	/* violates: get_link.rcu_walk */
	return text;
}

static const char *sanderling_get_link(struct dentry *dentry, struct inode *inode, struct delayed_call *done)
{
	const char *text = whimbrel_text(inode, dentry ? GFP_KERNEL : GFP_ATOMIC);

	if (!text)
		return dentry ? ERR_PTR(-ENOMEM) : ERR_PTR(-ECHILD);	/* ok: get_link.rcu_walk */
	return text;
}

const struct inode_operations whimbrel_link_ops = { .get_link = whimbrel_get_link };
const struct inode_operations sanderling_link_ops = { .get_link = sanderling_get_link };
