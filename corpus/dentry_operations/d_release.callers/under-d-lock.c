// SPDX-License-Identifier: GPL-2.0-only
/// A dying dentry is released with its lock held, and after it.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static unsigned long foxglove_seen;

void foxglove_free(struct dentry *dentry)
{
	spin_lock(&dentry->d_lock);
	dentry->d_op->d_release(dentry);	/* violates: d_release.callers low */
	spin_unlock(&dentry->d_lock);
}

void foxglove_free_later(struct dentry *dentry)
{
	spin_lock(&dentry->d_lock);
	foxglove_seen++;
	spin_unlock(&dentry->d_lock);
	dentry->d_op->d_release(dentry);	/* ok: d_release.callers */
}
