// SPDX-License-Identifier: GPL-2.0-only
/// rename_lock is taken for one look at the flags.
// Kernel: 6.8
#include <linux/fs.h>

static int cumin_d_manage(const struct path *path, bool rcu_walk)
{
	int busy;

	read_seqlock_excl(&rename_lock);
	busy = path->dentry->d_flags & 2;
	read_sequnlock_excl(&rename_lock);	/* ok: d_manage.must_not_call */
	return busy ? -EAGAIN : 0;
}

const struct dentry_operations cumin_dops = {
	.d_manage = cumin_d_manage,
};
