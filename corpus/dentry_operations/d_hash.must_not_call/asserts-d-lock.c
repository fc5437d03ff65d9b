// SPDX-License-Identifier: GPL-2.0-only
/// The directory is not locked while a name in it is hashed.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static int borage_d_hash(const struct dentry *dentry, struct qstr *name)
{
	lockdep_assert_held(&dentry->d_lock);	/* violates: d_hash.must_not_call moderate */
	name->hash = dentry->d_flags + name->len;
	return 0;
}

const struct dentry_operations borage_dops = {
	.d_hash = borage_d_hash,
};
