// SPDX-License-Identifier: GPL-2.0-only
/// A dentry at the end of a walk is asked again inside of RCU, and after it.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static unsigned long orpine_seen;

int orpine_again(struct dentry *dentry)
{
	int valid;

	rcu_read_lock();
	valid = dentry->d_op->d_weak_revalidate(dentry, 1);	/* violates: d_weak_revalidate.callers low */
	rcu_read_unlock();
	return valid;
}

int orpine_again_later(struct dentry *dentry)
{
	int valid;

	rcu_read_lock();
	orpine_seen++;
	rcu_read_unlock();
	valid = dentry->d_op->d_weak_revalidate(dentry, 1);	/* ok: d_weak_revalidate.callers */
	return valid;
}
