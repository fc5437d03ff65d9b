// SPDX-License-Identifier: GPL-2.0-only
/// What sleeps is left to a worker.
// Kernel: 6.8
#include <linux/fs.h>

static void caraway_d_prune(struct dentry *dentry)
{
	schedule_work(dentry->d_fsdata);	/* ok: d_prune.never_sleeps */
	dentry->d_fsdata = NULL;
}

const struct dentry_operations caraway_dops = {
	.d_prune = caraway_d_prune,
};
