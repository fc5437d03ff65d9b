// SPDX-License-Identifier: GPL-2.0-only
/// Without a dentry the method bails out before anything that sleeps.
// Kernel: 6.12
// Source: shape of the code after 0511fdb4a378 ("cifs_get_link(): bail out in unsafe case")
#include <linux/fs.h>

static const char *palm_get_link(struct dentry *dentry, struct inode *inode, struct delayed_call *done)
{
	char *target;

	if (!dentry)
		return ERR_PTR(-ECHILD);

	target = kmalloc(PATH_MAX, GFP_KERNEL);	/* ok: get_link.rcu_walk */
	if (!target)
		return ERR_PTR(-ENOMEM);
	set_delayed_call(done, kfree, target);
	return target;
}

const struct inode_operations palm_link_ops = {
	.get_link = palm_get_link,
};
