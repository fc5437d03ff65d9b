// SPDX-License-Identifier: GPL-2.0-only
/// A name is hashed before any lock is taken, and rename_lock is released.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static int betony_d_hash(const struct dentry *dentry, struct qstr *name)
{
	name->hash = dentry->d_flags + name->len;
	read_sequnlock_excl(&rename_lock);	/* violates: d_hash.must_not_call moderate */
	return 0;
}

const struct dentry_operations betony_dops = {
	.d_hash = betony_d_hash,
};
