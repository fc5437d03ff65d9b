// SPDX-License-Identifier: GPL-2.0-only
/// A dying dentry is released inside of RCU, and after it.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static unsigned long pansy_seen;

void pansy_bury(struct dentry *dentry)
{
	rcu_read_lock();
	dentry->d_op->d_release(dentry);	/* violates: d_release.callers low */
	rcu_read_unlock();
}

void pansy_bury_later(struct dentry *dentry)
{
	rcu_read_lock();
	pansy_seen++;
	rcu_read_unlock();
	dentry->d_op->d_release(dentry);	/* ok: d_release.callers */
}
