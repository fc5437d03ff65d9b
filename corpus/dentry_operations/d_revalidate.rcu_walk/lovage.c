// SPDX-License-Identifier: GPL-2.0-only
/// The data of a dentry go with it, while a walk may be asking them whether it is still valid.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

struct lovage_lease {
	unsigned long expires;
};

static int lovage_d_revalidate(struct dentry *dentry, unsigned int flags)
{
	struct lovage_lease *lease = dentry->d_fsdata;

	return lease->expires > flags;
}

static void lovage_d_release(struct dentry *dentry)
{
	kfree(dentry->d_fsdata);	/* violates: d_revalidate.rcu_walk */
}

const struct dentry_operations lovage_dentry_ops = {
	.d_revalidate = lovage_d_revalidate,
	.d_release = lovage_d_release,
};
