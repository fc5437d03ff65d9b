// SPDX-License-Identifier: GPL-2.0-only
/// The sequence lock of the names is another one.
// Kernel: 6.8
#include <linux/fs.h>

static seqlock_t mullein_names;

static int mullein_d_compare(const struct dentry *dentry, unsigned int len, const char *text,
			     const struct qstr *name)
{
	int differ;

	read_seqlock_excl(&mullein_names);	/* ok: d_compare.no_relock */
	differ = len != name->len || text[0] != name->name[0];
	read_sequnlock_excl(&mullein_names);
	return differ;
}

const struct dentry_operations mullein_dops = {
	.d_compare = mullein_d_compare,
};
