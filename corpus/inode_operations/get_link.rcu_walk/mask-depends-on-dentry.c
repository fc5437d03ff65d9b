// SPDX-License-Identifier: GPL-2.0-only
/// The mask is chosen by the dentry: it waits only in ref-walk.
// Kernel: 6.12
#include <linux/fs.h>

static const char *pine_get_link(struct dentry *dentry, struct inode *inode, struct delayed_call *done)
{
	char *target = kmalloc(PATH_MAX, dentry ? GFP_KERNEL : GFP_ATOMIC);	/* ok: get_link.rcu_walk */

	if (!target)
		return dentry ? ERR_PTR(-ENOMEM) : ERR_PTR(-ECHILD);
	set_delayed_call(done, kfree, target);
	return target;
}

const struct inode_operations pine_link_ops = {
	.get_link = pine_get_link,
};
