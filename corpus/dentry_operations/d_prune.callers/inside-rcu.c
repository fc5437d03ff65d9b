// SPDX-License-Identifier: GPL-2.0-only
/// A dentry is pruned in rcu-walk, and after it.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static unsigned long gentian_seen;

void gentian_prune(struct dentry *dentry)
{
	rcu_read_lock();
	dentry->d_op->d_prune(dentry);	/* violates: d_prune.callers low */
	rcu_read_unlock();
}

void gentian_prune_later(struct dentry *dentry)
{
	rcu_read_lock();
	gentian_seen++;
	rcu_read_unlock();
	dentry->d_op->d_prune(dentry);	/* ok: d_prune.callers */
}
