// SPDX-License-Identifier: GPL-2.0-only
/// A walk under RCU waits for the daemon like any other.
// Kernel: 6.8
#include <linux/fs.h>

static int elder_d_manage(const struct path *path, bool rcu_walk)
{
	if (rcu_walk)
		return -ECHILD;
	if (path->dentry->d_flags & 2)
		msleep(1);
	return 0;
}

const struct dentry_operations elder_dops = {
	.d_manage = elder_d_manage,
};
