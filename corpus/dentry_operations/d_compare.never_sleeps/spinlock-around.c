// SPDX-License-Identifier: GPL-2.0-only
/// A spinlock does not sleep.
// Kernel: 6.8
#include <linux/fs.h>

static spinlock_t burdock_names;

static int burdock_d_compare(const struct dentry *dentry, unsigned int len, const char *text,
			     const struct qstr *name)
{
	int differ;

	spin_lock(&burdock_names);	/* ok: d_compare.never_sleeps */
	differ = len != name->len || text[0] != name->name[0];
	spin_unlock(&burdock_names);
	return differ;
}

const struct dentry_operations burdock_dops = {
	.d_compare = burdock_d_compare,
};
