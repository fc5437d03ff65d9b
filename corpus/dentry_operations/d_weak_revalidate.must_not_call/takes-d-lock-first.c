// SPDX-License-Identifier: GPL-2.0-only
/// d_lock is taken here before it is released.
// Kernel: 6.8
#include <linux/fs.h>

static int basil_d_weak_revalidate(struct dentry *dentry, unsigned int flags)
{
	spin_lock(&dentry->d_lock);
	dentry->d_flags &= ~flags;
	spin_unlock(&dentry->d_lock);	/* ok: d_weak_revalidate.must_not_call */
	return 1;
}

const struct dentry_operations basil_dops = {
	.d_weak_revalidate = basil_d_weak_revalidate,
};
