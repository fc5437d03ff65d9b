// SPDX-License-Identifier: GPL-2.0-only
/// The caller holds rename_lock over the comparison.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static int mullein_d_compare(const struct dentry *dentry, unsigned int len, const char *text,
			     const struct qstr *name)
{
	int differ;

	read_seqlock_excl(&rename_lock);	/* violates: d_compare.no_relock */
	differ = len != name->len || text[0] != name->name[0];
	read_sequnlock_excl(&rename_lock);
	return differ;
}

const struct dentry_operations mullein_dops = {
	.d_compare = mullein_d_compare,
};
