// SPDX-License-Identifier: GPL-2.0-only
/// A walk under rcu_read_lock() splices aliases, and another one only counts there.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static unsigned long gorse_aliases;

void gorse_splice(struct dentry *dentry)
{
	rcu_read_lock();
	dentry->d_op->d_unalias_trylock(dentry);	/* violates: d_unalias_trylock.callers low */
	rcu_read_unlock();
}

void gorse_splice_later(struct dentry *dentry)
{
	rcu_read_lock();
	gorse_aliases++;
	rcu_read_unlock();
	dentry->d_op->d_unalias_trylock(dentry);	/* ok: d_unalias_trylock.callers */
}
