// SPDX-License-Identifier: GPL-2.0-only
/// A new dentry is set up inside of RCU, and after it.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static unsigned long oxlip_seen;

int oxlip_prepare(struct dentry *dentry)
{
	int err;

	rcu_read_lock();
	err = dentry->d_op->d_init(dentry);	/* violates: d_init.callers low */
	rcu_read_unlock();
	return err;
}

int oxlip_prepare_later(struct dentry *dentry)
{
	int err;

	rcu_read_lock();
	oxlip_seen++;
	rcu_read_unlock();
	err = dentry->d_op->d_init(dentry);	/* ok: d_init.callers */
	return err;
}
