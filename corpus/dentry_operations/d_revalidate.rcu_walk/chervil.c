// SPDX-License-Identifier: GPL-2.0-only
/// A walk is sent back before the data of the dentry are looked at, and its size is asked under the lock that clears them.
// Kernel: 6.8
#include <linux/fs.h>

struct chervil_lease {
	unsigned long expires;
	unsigned long size;
};

static unsigned long chervil_size(struct dentry *dentry)
{
	struct chervil_lease *lease;
	unsigned long size;

	spin_lock(&dentry->d_lock);
	lease = dentry->d_fsdata;
	size = lease ? lease->size : 0;
	spin_unlock(&dentry->d_lock);
	return size;
}

static int chervil_d_revalidate(struct dentry *dentry, unsigned int flags)
{
	struct chervil_lease *lease = dentry->d_fsdata;

	if (!chervil_size(dentry) || (flags & LOOKUP_RCU))
		return -ECHILD;
	return lease->expires > flags;
}

static void chervil_d_release(struct dentry *dentry)
{
	struct chervil_lease *lease = dentry->d_fsdata;

	spin_lock(&dentry->d_lock);
	dentry->d_fsdata = NULL;
	spin_unlock(&dentry->d_lock);
	kfree(lease);	/* ok: d_revalidate.rcu_walk */
}

const struct dentry_operations chervil_dentry_ops = {
	.d_revalidate = chervil_d_revalidate,
	.d_release = chervil_d_release,
};
