// SPDX-License-Identifier: GPL-2.0-only
/// A guard of the file system's own, taken by CLASS(), takes a mutex that its header does not name.
// Kernel: 6.12
// Fixable: no
#include <linux/guards.h>

struct mullein_sb {
	struct mutex table_lock;
	unsigned int seed;
};

static inline struct mutex *mullein_lock_of(void *sb)
{
	return &((struct mullein_sb *)sb)->table_lock;
}

DEFINE_GUARD(mullein, void *, mutex_lock(mullein_lock_of(_T)), mutex_unlock(mullein_lock_of(_T)))

static int mullein_d_hash(const struct dentry *dentry, struct qstr *name)
{
	struct mullein_sb *sb = dentry->d_sb->s_fs_info;

	CLASS(mullein, locked)(sb);	/* violates: d_hash.never_sleeps */
	name->hash = name->len * sb->seed;
	return 0;
}

const struct dentry_operations mullein_dentry_ops = {
	.d_hash = mullein_d_hash,
};
