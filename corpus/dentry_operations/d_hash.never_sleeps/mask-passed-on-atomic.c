// SPDX-License-Identifier: GPL-2.0-only
/// The same helper is given a mask that does not wait.
// Kernel: 6.12
#include <linux/fs.h>

static char *cherry_copy(const struct qstr *name, gfp_t gfp)
{
	gfp_t mask = gfp;

	return kmemdup(name->name, name->len, mask);
}

static int cherry_d_hash(const struct dentry *dentry, struct qstr *name)
{
	char *copy = cherry_copy(name, GFP_ATOMIC);	/* ok: d_hash.never_sleeps */

	if (copy)
		name->hash = copy[0];
	kfree(copy);
	return 0;
}

const struct dentry_operations cherry_dentry_ops = {
	.d_hash = cherry_d_hash,
};
