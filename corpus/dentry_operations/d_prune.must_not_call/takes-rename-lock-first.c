// SPDX-License-Identifier: GPL-2.0-only
/// rename_lock is taken before it is released.
// Kernel: 6.8
#include <linux/fs.h>

static void chicory_d_prune(struct dentry *dentry)
{
	write_seqlock(&rename_lock);
	dentry->d_fsdata = NULL;
	write_sequnlock(&rename_lock);	/* ok: d_prune.must_not_call */
}

const struct dentry_operations chicory_dops = {
	.d_prune = chicory_d_prune,
};
