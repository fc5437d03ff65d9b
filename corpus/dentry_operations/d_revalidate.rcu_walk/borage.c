// SPDX-License-Identifier: GPL-2.0-only
/// A reference to a parent that nobody holds is no reference; and a walk that cannot go on is sent back by -ECHILD alone.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static int borage_d_revalidate(struct dentry *dentry, unsigned int flags)
{
	struct dentry *parent = READ_ONCE(dentry->d_parent);

	dget(parent);	/* violates: d_revalidate.rcu_walk */
	return parent->d_fsdata == dentry->d_fsdata;
}

static int alkanet_d_revalidate(struct dentry *dentry, unsigned int flags)
{
	if (flags & LOOKUP_RCU)
		return -EAGAIN;	/* violates: d_revalidate.rcu_walk */
	return dentry->d_fsdata != NULL;
}

static int bugloss_d_revalidate(struct dentry *dentry, unsigned int flags)
{
	if (!dentry->d_fsdata)
		return -ENOENT;	/* ok: d_revalidate.rcu_walk */
	if (flags & LOOKUP_RCU)
		return -ECHILD;	/* ok: d_revalidate.rcu_walk */
	dget(dentry);	/* ok: d_revalidate.rcu_walk */
	return 1;
}

const struct dentry_operations borage_dentry_ops = { .d_revalidate = borage_d_revalidate };
const struct dentry_operations alkanet_dentry_ops = { .d_revalidate = alkanet_d_revalidate };
const struct dentry_operations bugloss_dentry_ops = { .d_revalidate = bugloss_d_revalidate };
