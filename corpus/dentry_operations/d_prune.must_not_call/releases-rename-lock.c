// SPDX-License-Identifier: GPL-2.0-only
/// d_lock is held here, rename_lock is not, and is released.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static void chicory_d_prune(struct dentry *dentry)
{
	dentry->d_fsdata = NULL;
	write_sequnlock(&rename_lock);	/* violates: d_prune.must_not_call moderate */
}

const struct dentry_operations chicory_dops = {
	.d_prune = chicory_d_prune,
};
