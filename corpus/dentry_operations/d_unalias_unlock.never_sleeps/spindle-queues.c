// SPDX-License-Identifier: GPL-2.0-only
/// The rest is left to a worker.
// Kernel: 6.8
#include <linux/fs.h>

static void spindle_unalias_unlock(const struct dentry *dentry)
{
	if (dentry->d_flags & 4)
		schedule_work(dentry->d_fsdata);	/* ok: d_unalias_unlock.never_sleeps */
}

const struct dentry_operations spindle_dops = {
	.d_unalias_unlock = spindle_unalias_unlock,
};
