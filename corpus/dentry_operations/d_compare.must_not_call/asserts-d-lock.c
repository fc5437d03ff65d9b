// SPDX-License-Identifier: GPL-2.0-only
/// A comparison comes with rename_lock at most, and d_lock is asserted.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static int briar_d_compare(const struct dentry *dentry, unsigned int len, const char *text,
			   const struct qstr *name)
{
	int differ;

	lockdep_assert_held(&dentry->d_lock);	/* violates: d_compare.must_not_call moderate */
	differ = len != name->len || text[0] != name->name[0];
	return differ;
}

const struct dentry_operations briar_dops = {
	.d_compare = briar_d_compare,
};
