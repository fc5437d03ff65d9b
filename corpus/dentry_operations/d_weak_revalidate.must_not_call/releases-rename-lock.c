// SPDX-License-Identifier: GPL-2.0-only
/// A release of rename_lock is left over from a caller that used to hold it.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static int bay_d_weak_revalidate(struct dentry *dentry, unsigned int flags)
{
	dentry->d_flags &= ~flags;
	read_sequnlock_excl(&rename_lock);	/* violates: d_weak_revalidate.must_not_call moderate */
	return 1;
}

const struct dentry_operations bay_dops = {
	.d_weak_revalidate = bay_d_weak_revalidate,
};
