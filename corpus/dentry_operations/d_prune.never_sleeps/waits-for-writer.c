// SPDX-License-Identifier: GPL-2.0-only
/// Pruning comes with d_lock held, and the helper waits.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static void caraway_drain(struct dentry *dentry)
{
	while (dentry->d_flags & 1)
		msleep(1);
}

static void caraway_d_prune(struct dentry *dentry)
{
	caraway_drain(dentry);	/* violates: d_prune.never_sleeps moderate */
	dentry->d_fsdata = NULL;
}

const struct dentry_operations caraway_dops = {
	.d_prune = caraway_d_prune,
};
