// SPDX-License-Identifier: GPL-2.0-only
/// The check is handed over as a function, and looks at the parent's inode, which nobody holds in rcu-walk.
// Kernel: 6.8
// Fixable: no
// Source: the shape of nfs_set_verifier() before 10a973fc4fb2 ("nfs: make nfs_set_verifier() safe for use in RCU pathwalk")
#include <linux/fs.h>

static int willow_check(struct dentry *dentry)
{
	struct inode *dir = d_inode(dentry->d_parent);

	return dir->i_size == 0;
}

static int willow_revalidate_with(struct dentry *dentry, unsigned int flags, int (*check)(struct dentry *dentry))
{
	if (flags & LOOKUP_RCU)
		return check(dentry);
	return 1;
}

static int willow_d_revalidate(struct dentry *dentry, unsigned int flags)
{
	return willow_revalidate_with(dentry, flags, willow_check);	/* violates: d_revalidate.rcu_walk */
}

static int alder_d_revalidate(struct dentry *dentry, unsigned int flags)
{
	struct inode *seen = dentry->d_fsdata;

	if (flags & LOOKUP_RCU)
		return seen == d_inode(dentry->d_parent) ? 1 : -ECHILD;	/* ok: d_revalidate.rcu_walk */
	return willow_check(dentry);	/* ok: d_revalidate.rcu_walk */
}

const struct dentry_operations willow_dentry_ops = {
	.d_revalidate = willow_d_revalidate,
};

const struct dentry_operations alder_dentry_ops = {
	.d_revalidate = alder_d_revalidate,
};
