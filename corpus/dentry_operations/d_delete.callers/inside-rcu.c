// SPDX-License-Identifier: GPL-2.0-only
/// A dentry is asked in rcu-walk whether it stays, and after it.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static unsigned long feverfew_seen;

int feverfew_keep(struct dentry *dentry)
{
	int gone;

	rcu_read_lock();
	gone = dentry->d_op->d_delete(dentry);	/* violates: d_delete.callers low */
	rcu_read_unlock();
	return !gone;
}

int feverfew_keep_later(struct dentry *dentry)
{
	int gone;

	rcu_read_lock();
	feverfew_seen++;
	rcu_read_unlock();
	gone = dentry->d_op->d_delete(dentry);	/* ok: d_delete.callers */
	return !gone;
}
