// SPDX-License-Identifier: GPL-2.0-only
/// A guard() takes a mutex for the rest of the block; the word mutex_lock() stands in the header that defines the guard.
// Kernel: 6.12
// Fixable: no
#include <linux/guards.h>

struct samphire_sb {
	struct mutex fold_lock;
	unsigned int seed;
};

static int samphire_d_hash(const struct dentry *dentry, struct qstr *name)
{
	struct samphire_sb *sb = dentry->d_sb->s_fs_info;

	guard(mutex)(&sb->fold_lock);	/* violates: d_hash.never_sleeps */
	name->hash = name->len * sb->seed;
	return 0;
}

const struct dentry_operations samphire_dentry_ops = {
	.d_hash = samphire_d_hash,
};
