// SPDX-License-Identifier: GPL-2.0-only
/// An allocation that names a type and no mask waits for memory: its macro supplies GFP_KERNEL.
// Kernel: 6.12
// Fixable: no
#include <linux/guards.h>

struct purslane_fold {
	unsigned int seed;
	unsigned int hash;
};

static int purslane_d_hash(const struct dentry *dentry, struct qstr *name)
{
	struct purslane_fold *fold = kmalloc_obj(struct purslane_fold);	/* violates: d_hash.never_sleeps */

	if (!fold)
		return -ENOMEM;
	fold->seed = name->len;
	fold->hash = fold->seed * 31;
	name->hash = fold->hash;
	kfree(fold);
	return 0;
}

const struct dentry_operations purslane_dentry_ops = {
	.d_hash = purslane_d_hash,
};
