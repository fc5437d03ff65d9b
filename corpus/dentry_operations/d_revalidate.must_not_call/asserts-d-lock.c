// SPDX-License-Identifier: GPL-2.0-only
/// d_lock is asserted, and a lookup holds no lock of the dentry.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static int anise_d_revalidate(struct dentry *dentry, unsigned int flags)
{
	lockdep_assert_held(&dentry->d_lock);	/* violates: d_revalidate.must_not_call moderate */
	dentry->d_flags |= flags;
	return 1;
}

const struct dentry_operations anise_dops = {
	.d_revalidate = anise_d_revalidate,
};
