// SPDX-License-Identifier: GPL-2.0-only
/// A new dentry is set up with a spinlock held, and after it.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static spinlock_t flax_lock;
static unsigned long flax_seen;

int flax_setup(struct dentry *dentry)
{
	int err;

	spin_lock(&flax_lock);
	err = dentry->d_op->d_init(dentry);	/* violates: d_init.callers low */
	spin_unlock(&flax_lock);
	return err;
}

int flax_setup_later(struct dentry *dentry)
{
	int err;

	spin_lock(&flax_lock);
	flax_seen++;
	spin_unlock(&flax_lock);
	err = dentry->d_op->d_init(dentry);	/* ok: d_init.callers */
	return err;
}
