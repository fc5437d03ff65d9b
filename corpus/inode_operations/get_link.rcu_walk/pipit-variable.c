// SPDX-License-Identifier: GPL-2.0-only
/// The walk is sent back by a variable that holds another error by then; one that was set for it is right.
// Kernel: 6.12
// Fixable: no
#include <linux/fs.h>

int pipit_read(struct inode *inode);

static const char *pipit_get_link(struct dentry *dentry, struct inode *inode, struct delayed_call *done)
{
	int err;

	err = -EIO;
	if (inode->i_size > 100)
		goto out;
	err = -ENOENT;
	if (!dentry)
		goto out;
	err = pipit_read(inode);
	if (!err)
		return inode->i_private;
out:
	return ERR_PTR(err);	/* violates: get_link.rcu_walk */
}

static const char *wagtail_get_link(struct dentry *dentry, struct inode *inode, struct delayed_call *done)
{
	int err;

	err = -EIO;
	if (inode->i_size > 100)
		goto out;
	err = -ECHILD;
	if (!dentry)
		goto out;
	err = pipit_read(inode);
	if (!err)
		return inode->i_private;
out:
	return ERR_PTR(err);	/* ok: get_link.rcu_walk */
}

const struct inode_operations pipit_link_ops = { .get_link = pipit_get_link };
const struct inode_operations wagtail_link_ops = { .get_link = wagtail_get_link };
