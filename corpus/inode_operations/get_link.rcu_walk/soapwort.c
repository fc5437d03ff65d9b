// SPDX-License-Identifier: GPL-2.0-only
/// Without a dentry the walk ends in an error for good; and a dentry that is NULL is looked into.
// Kernel: 6.12
// Fixable: no
#include <linux/fs.h>

static const char *soapwort_get_link(struct dentry *dentry, struct inode *inode, struct delayed_call *done)
{
	if (!dentry && inode->i_size > 100)
		return ERR_PTR(-EIO);	/* violates: get_link.rcu_walk */
	if (!inode->i_private)
		return ERR_PTR(-EIO);	/* ok: get_link.rcu_walk */
	return inode->i_private;
}

static const char *campion_get_link(struct dentry *dentry, struct inode *inode, struct delayed_call *done)
{
	if (dentry->d_fsdata)	/* violates: get_link.rcu_walk */
		return dentry->d_fsdata;
	return inode->i_private;
}

static const char *catchfly_get_link(struct dentry *dentry, struct inode *inode, struct delayed_call *done)
{
	if (!dentry)
		return ERR_PTR(-ECHILD);	/* ok: get_link.rcu_walk */
	if (dentry->d_fsdata)	/* ok: get_link.rcu_walk */
		return dentry->d_fsdata;
	return ERR_PTR(-EIO);	/* ok: get_link.rcu_walk */
}

const struct inode_operations soapwort_link_ops = { .get_link = soapwort_get_link };
const struct inode_operations campion_link_ops = { .get_link = campion_get_link };
const struct inode_operations catchfly_link_ops = { .get_link = catchfly_get_link };
