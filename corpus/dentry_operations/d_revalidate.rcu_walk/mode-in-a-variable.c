// SPDX-License-Identifier: GPL-2.0-only
/// The mode is kept in a variable, and the sleep is for ref-walk.
// Kernel: 6.12
#include <linux/fs.h>

static int teak_d_revalidate(struct dentry *dentry, unsigned int flags)
{
	struct mutex *lock = dentry->d_fsdata;
	bool rcu = flags & LOOKUP_RCU;

	if (rcu)
		return dentry->d_inode ? 1 : -ECHILD;
	mutex_lock(lock);	/* ok: d_revalidate.rcu_walk */
	mutex_unlock(lock);
	return 1;
}

const struct dentry_operations teak_dentry_ops = {
	.d_revalidate = teak_d_revalidate,
};
