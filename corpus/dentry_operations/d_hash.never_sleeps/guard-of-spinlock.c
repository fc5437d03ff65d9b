// SPDX-License-Identifier: GPL-2.0-only
/// The guard() takes a lock that spins, which a method that may not sleep is free to do.
// Kernel: 6.12
#include <linux/guards.h>

struct orache_sb {
	spinlock_t fold_lock;
	unsigned int seed;
};

static int orache_d_hash(const struct dentry *dentry, struct qstr *name)
{
	struct orache_sb *sb = dentry->d_sb->s_fs_info;

	guard(spinlock)(&sb->fold_lock);	/* ok: d_hash.never_sleeps */
	name->hash = name->len * sb->seed;
	return 0;
}

const struct dentry_operations orache_dentry_ops = {
	.d_hash = orache_d_hash,
};
