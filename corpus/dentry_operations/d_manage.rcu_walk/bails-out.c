// SPDX-License-Identifier: GPL-2.0-only
/// A walk under RCU is told to come again.
// Kernel: 6.8
#include <linux/fs.h>

static struct mutex elder_daemon;

static int elder_d_manage(const struct path *path, bool rcu_walk)
{
	if (rcu_walk)
		return path->dentry->d_flags & 2 ? -ECHILD : 0;
	mutex_lock(&elder_daemon);	/* ok: d_manage.rcu_walk */
	mutex_unlock(&elder_daemon);
	return 0;
}

const struct dentry_operations elder_dops = {
	.d_manage = elder_d_manage,
};
