// SPDX-License-Identifier: GPL-2.0-only
/// The unlock asserts d_lock, which its caller does not hold.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static void wisteria_unalias_unlock(const struct dentry *dentry)
{
	struct dentry *alias = (struct dentry *)dentry;

	lockdep_assert_held(&alias->d_lock);	/* violates: d_unalias_unlock.must_not_call moderate */
	alias->d_fsdata = NULL;
}

const struct dentry_operations wisteria_dops = {
	.d_unalias_unlock = wisteria_unalias_unlock,
};
