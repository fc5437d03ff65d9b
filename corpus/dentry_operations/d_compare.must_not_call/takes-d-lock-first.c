// SPDX-License-Identifier: GPL-2.0-only
/// d_lock is taken for the comparison.
// Kernel: 6.8
#include <linux/fs.h>

static int broom_d_compare(const struct dentry *dentry, unsigned int len, const char *text,
			   const struct qstr *name)
{
	struct dentry *parent = (struct dentry *)dentry;
	int differ;

	spin_lock(&parent->d_lock);
	differ = len != name->len || text[0] != name->name[0];
	spin_unlock(&parent->d_lock);	/* ok: d_compare.must_not_call */
	return differ;
}

const struct dentry_operations broom_dops = {
	.d_compare = broom_d_compare,
};
