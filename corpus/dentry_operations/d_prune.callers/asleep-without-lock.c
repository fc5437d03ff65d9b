// SPDX-License-Identifier: GPL-2.0-only
/// Nobody sleeps with a spinlock held, so no caller holds the one that the method is promised.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

void speedwell_prune(struct dentry *dentry)
{
	msleep(1);
	dentry->d_op->d_prune(dentry);	/* violates: d_prune.callers low */
}

void speedwell_prune_locked(struct dentry *dentry)
{
	msleep(1);
	spin_lock(&dentry->d_lock);
	dentry->d_op->d_prune(dentry);	/* ok: d_prune.callers */
	spin_unlock(&dentry->d_lock);
}

void speedwell_prune_first(struct dentry *dentry)
{
	dentry->d_op->d_prune(dentry);	/* ok: d_prune.callers */
	spin_unlock(&dentry->d_lock);
	msleep(1);
	spin_lock(&dentry->d_lock);
}
