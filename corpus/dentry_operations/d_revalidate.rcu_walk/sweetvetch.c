// SPDX-License-Identifier: GPL-2.0-only
/// The inode is looked into untested, in rcu-walk too; behind the bail-out of the other method that is no harm.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static int sweetvetch_d_revalidate(struct dentry *dentry, unsigned int flags)
{
	struct inode *inode = d_inode(dentry);	/* violates: d_revalidate.rcu_walk */

	return inode->i_size > 0;
}

static int milkwort_d_revalidate(struct dentry *dentry, unsigned int flags)
{
	struct inode *inode;

	if (flags & LOOKUP_RCU)
		return -ECHILD;
	inode = d_inode(dentry);	/* ok: d_revalidate.rcu_walk */
	return inode->i_size > 0;
}

static int comfrey_d_revalidate(struct dentry *dentry, unsigned int flags)
{
	struct inode *inode = d_inode_rcu(dentry);	/* violates: d_revalidate.rcu_walk */

	if (inode->i_size)
		return 1;
	return inode ? 0 : -ECHILD;
}

const struct dentry_operations sweetvetch_dentry_ops = { .d_revalidate = sweetvetch_d_revalidate };
const struct dentry_operations milkwort_dentry_ops = { .d_revalidate = milkwort_d_revalidate };
const struct dentry_operations comfrey_dentry_ops = { .d_revalidate = comfrey_d_revalidate };
