// SPDX-License-Identifier: GPL-2.0-only
/// rename_lock is held around the sum only.
// Kernel: 6.8
#include <linux/fs.h>

static int betony_d_hash(const struct dentry *dentry, struct qstr *name)
{
	read_seqlock_excl(&rename_lock);
	name->hash = dentry->d_flags + name->len;
	read_sequnlock_excl(&rename_lock);	/* ok: d_hash.must_not_call */
	return 0;
}

const struct dentry_operations betony_dops = {
	.d_hash = betony_d_hash,
};
