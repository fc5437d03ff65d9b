// SPDX-License-Identifier: GPL-2.0-only
/// The first statement is a test, and behind it comes a sleep.
// Kernel: 6.12
#include <linux/fs.h>

static int sumac_d_revalidate(struct dentry *dentry, unsigned int flags)
{
	struct mutex *lock = dentry->d_fsdata;

	if (!lock)
		return 1;
	mutex_lock(lock);	/* violates: d_revalidate.rcu_walk */
	mutex_unlock(lock);
	return 1;
}

const struct dentry_operations sumac_dentry_ops = {
	.d_revalidate = sumac_d_revalidate,
};
