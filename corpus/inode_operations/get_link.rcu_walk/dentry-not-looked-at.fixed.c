// SPDX-License-Identifier: GPL-2.0-only
/// The target is copied into memory that is waited for, whether there is a dentry or not.
// Kernel: 6.12
// Source: shape of the code before 0511fdb4a378 ("cifs_get_link(): bail out in unsafe case")
#include <linux/fs.h>

static const char *oak_get_link(struct dentry *dentry, struct inode *inode, struct delayed_call *done)
{
	char *target;

	if (!dentry)
		return ERR_PTR(-ECHILD);
	target = kmalloc(PATH_MAX, GFP_KERNEL);
	if (!target)
		return ERR_PTR(-ENOMEM);
	memcpy(target, inode->i_private, PATH_MAX);
	set_delayed_call(done, kfree, target);
	return target;
}

const struct inode_operations oak_link_ops = {
	.get_link = oak_get_link,
};
