// SPDX-License-Identifier: GPL-2.0-only
/// A new dentry is not locked yet, and d_lock is asserted.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static int burdock_d_init(struct dentry *dentry)
{
	lockdep_assert_held(&dentry->d_lock);	/* violates: d_init.must_not_call moderate */
	dentry->d_fsdata = NULL;
	return 0;
}

const struct dentry_operations burdock_dops = {
	.d_init = burdock_d_init,
};
