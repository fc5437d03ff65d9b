// SPDX-License-Identifier: GPL-2.0-only
/// Nobody else knows the dentry; d_lock is tried all the same.
// Kernel: 6.8
#include <linux/fs.h>

static int burdock_d_init(struct dentry *dentry)
{
	if (spin_trylock(&dentry->d_lock)) {
		dentry->d_fsdata = NULL;
		spin_unlock(&dentry->d_lock);	/* ok: d_init.must_not_call */
	}
	return 0;
}

const struct dentry_operations burdock_dops = {
	.d_init = burdock_d_init,
};
