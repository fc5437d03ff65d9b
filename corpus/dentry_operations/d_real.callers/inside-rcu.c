// SPDX-License-Identifier: GPL-2.0-only
/// The dentry below is asked for inside of RCU, and after it.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static unsigned long peony_seen;

struct dentry *peony_lower(struct dentry *dentry)
{
	struct dentry *real;

	rcu_read_lock();
	real = dentry->d_op->d_real(dentry, 1);	/* violates: d_real.callers low */
	rcu_read_unlock();
	return real;
}

struct dentry *peony_lower_later(struct dentry *dentry)
{
	struct dentry *real;

	rcu_read_lock();
	peony_seen++;
	rcu_read_unlock();
	real = dentry->d_op->d_real(dentry, 1);	/* ok: d_real.callers */
	return real;
}
