// SPDX-License-Identifier: GPL-2.0-only
/// rename_lock is taken and released within the method.
// Kernel: 6.8
#include <linux/fs.h>

static int bryony_d_delete(const struct dentry *dentry)
{
	int keep;

	write_seqlock(&rename_lock);
	keep = dentry->d_flags & 1;
	write_sequnlock(&rename_lock);	/* ok: d_delete.must_not_call */
	return !keep;
}

const struct dentry_operations bryony_dops = {
	.d_delete = bryony_d_delete,
};
