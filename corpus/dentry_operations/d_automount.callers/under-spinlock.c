// SPDX-License-Identifier: GPL-2.0-only
/// A mount is asked for with a spinlock held, and after it.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static spinlock_t pimpernel_lock;
static unsigned long pimpernel_seen;

struct vfsmount *pimpernel_enter(struct path *path)
{
	struct vfsmount *mount;

	spin_lock(&pimpernel_lock);
	mount = path->dentry->d_op->d_automount(path);	/* violates: d_automount.callers low */
	spin_unlock(&pimpernel_lock);
	return mount;
}

struct vfsmount *pimpernel_enter_later(struct path *path)
{
	struct vfsmount *mount;

	spin_lock(&pimpernel_lock);
	pimpernel_seen++;
	spin_unlock(&pimpernel_lock);
	mount = path->dentry->d_op->d_automount(path);	/* ok: d_automount.callers */
	return mount;
}
