// SPDX-License-Identifier: GPL-2.0-only
/// Only d_lock is held when the last reference goes; rename_lock is released.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static int bryony_d_delete(const struct dentry *dentry)
{
	int keep;

	keep = dentry->d_flags & 1;
	write_sequnlock(&rename_lock);	/* violates: d_delete.must_not_call moderate */
	return !keep;
}

const struct dentry_operations bryony_dops = {
	.d_delete = bryony_d_delete,
};
