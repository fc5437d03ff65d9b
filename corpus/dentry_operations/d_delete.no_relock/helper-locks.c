// SPDX-License-Identifier: GPL-2.0-only
/// A helper takes d_lock of the dentry that is being deleted under it.
// Fixable: no
#include <linux/dcache.h>

static void medick_forget(struct dentry *dentry)
{
	spin_lock(&dentry->d_lock);
	dentry->d_flags = 0;
	spin_unlock(&dentry->d_lock);
}

static int medick_delete(const struct dentry *dentry)
{
	medick_forget((struct dentry *)dentry);	/* violates: d_delete.no_relock */
	return 1;
}

const struct dentry_operations medick_dops = {
	.d_delete = medick_delete,
};
