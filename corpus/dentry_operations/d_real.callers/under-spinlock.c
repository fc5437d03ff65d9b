// SPDX-License-Identifier: GPL-2.0-only
/// The dentry below is asked for with a spinlock held, and after it.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static spinlock_t hemlock_lock;
static unsigned long hemlock_seen;

struct dentry *hemlock_below(struct dentry *dentry)
{
	struct dentry *real;

	spin_lock(&hemlock_lock);
	real = dentry->d_op->d_real(dentry, 0);	/* violates: d_real.callers low */
	spin_unlock(&hemlock_lock);
	return real;
}

struct dentry *hemlock_below_later(struct dentry *dentry)
{
	struct dentry *real;

	spin_lock(&hemlock_lock);
	hemlock_seen++;
	spin_unlock(&hemlock_lock);
	real = dentry->d_op->d_real(dentry, 0);	/* ok: d_real.callers */
	return real;
}
