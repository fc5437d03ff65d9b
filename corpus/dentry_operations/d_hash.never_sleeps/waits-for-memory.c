// SPDX-License-Identifier: GPL-2.0-only
/// The folded name is allocated with a mask that waits for memory.
// Kernel: 6.12
// Source: shape of the GFP_KERNEL -> GFP_ATOMIC fixes of ->d_hash()
#include <linux/fs.h>

static int birch_d_hash(const struct dentry *dentry, struct qstr *name)
{
	char *folded;

	folded = kmalloc(name->len, GFP_KERNEL);	/* violates: d_hash.never_sleeps */
	if (!folded)
		return -ENOMEM;
	memcpy(folded, name->name, name->len);
	name->hash = folded[0];
	kfree(folded);
	return 0;
}

const struct dentry_operations birch_dentry_ops = {
	.d_hash = birch_d_hash,
};
