// SPDX-License-Identifier: GPL-2.0-only
/// The alias is let go in rcu-walk; elsewhere it is behind it.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static unsigned long broom_aliases;

void broom_splice(struct dentry *dentry)
{
	rcu_read_lock();
	dentry->d_op->d_unalias_unlock(dentry);	/* violates: d_unalias_unlock.callers low */
	rcu_read_unlock();
}

void broom_splice_later(struct dentry *dentry)
{
	rcu_read_lock();
	broom_aliases++;
	rcu_read_unlock();
	dentry->d_op->d_unalias_unlock(dentry);	/* ok: d_unalias_unlock.callers */
}
