// SPDX-License-Identifier: GPL-2.0-only
/// A helper allocates with the mask that it is given, which waits for memory.
// Kernel: 6.12
// Fixable: no
#include <linux/fs.h>

static char *cedar_fold(const struct qstr *name, gfp_t gfp)
{
	return kmemdup(name->name, name->len, gfp | GFP_NOWAIT);
}

static char *cedar_copy(const struct qstr *name, gfp_t gfp)
{
	return kmemdup(name->name, name->len, gfp);
}

static int cedar_d_hash(const struct dentry *dentry, struct qstr *name)
{
	char *copy = cedar_copy(name, GFP_KERNEL);	/* violates: d_hash.never_sleeps */
	char *folded = cedar_fold(name, 0);	/* ok: d_hash.never_sleeps */

	if (copy && folded)
		name->hash = copy[0] + folded[0];
	kfree(copy);
	kfree(folded);
	return 0;
}

const struct dentry_operations cedar_dentry_ops = {
	.d_hash = cedar_d_hash,
};
