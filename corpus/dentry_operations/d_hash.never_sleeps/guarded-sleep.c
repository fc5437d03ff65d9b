// SPDX-License-Identifier: GPL-2.0-only
/// The sleep is behind a test that no caller of the method passes.
// Kernel: 6.12
#include <linux/fs.h>

static void elder_wait(struct mutex *lock)
{
	if (in_atomic())
		return;
	mutex_lock(lock);
	mutex_unlock(lock);
}

static int elder_d_hash(const struct dentry *dentry, struct qstr *name)
{
	elder_wait(dentry->d_fsdata);	/* ok: d_hash.never_sleeps */
	printk("hash");
	name->hash = name->len;
	return 0;
}

const struct dentry_operations elder_dentry_ops = {
	.d_hash = elder_d_hash,
};
