// SPDX-License-Identifier: GPL-2.0-only
/// d_lock is dropped for a wait although it was never taken.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

void basil_wait(void);

static int basil_d_weak_revalidate(struct dentry *dentry, unsigned int flags)
{
	spin_unlock(&dentry->d_lock);	/* violates: d_weak_revalidate.must_not_call moderate */
	basil_wait();
	spin_lock(&dentry->d_lock);
	dentry->d_flags &= ~flags;
	return 1;
}

const struct dentry_operations basil_dops = {
	.d_weak_revalidate = basil_d_weak_revalidate,
};
