// SPDX-License-Identifier: GPL-2.0-only
/// A walk that meets a managed dentry holds no rename_lock; it is released.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static int cumin_d_manage(const struct path *path, bool rcu_walk)
{
	int busy;

	busy = path->dentry->d_flags & 2;
	read_sequnlock_excl(&rename_lock);	/* violates: d_manage.must_not_call moderate */
	return busy ? -EAGAIN : 0;
}

const struct dentry_operations cumin_dops = {
	.d_manage = cumin_d_manage,
};
