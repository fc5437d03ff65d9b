// SPDX-License-Identifier: GPL-2.0-only
/// A mutex is taken to compare two names in rcu-walk.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static struct mutex burdock_mutex;

static int burdock_d_compare(const struct dentry *dentry, unsigned int len, const char *text,
			     const struct qstr *name)
{
	int differ;

	mutex_lock(&burdock_mutex);	/* violates: d_compare.never_sleeps */
	differ = len != name->len || text[0] != name->name[0];
	mutex_unlock(&burdock_mutex);
	return differ;
}

const struct dentry_operations burdock_dops = {
	.d_compare = burdock_d_compare,
};
