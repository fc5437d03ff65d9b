// SPDX-License-Identifier: GPL-2.0-only
/// A dentry at the end of a walk is asked again with a spinlock held, and after it.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static spinlock_t fennel_lock;
static unsigned long fennel_seen;

int fennel_revalidate(struct dentry *dentry)
{
	int valid;

	spin_lock(&fennel_lock);
	valid = dentry->d_op->d_weak_revalidate(dentry, 0);	/* violates: d_weak_revalidate.callers low */
	spin_unlock(&fennel_lock);
	return valid;
}

int fennel_revalidate_later(struct dentry *dentry)
{
	int valid;

	spin_lock(&fennel_lock);
	fennel_seen++;
	spin_unlock(&fennel_lock);
	valid = dentry->d_op->d_weak_revalidate(dentry, 0);	/* ok: d_weak_revalidate.callers */
	return valid;
}
