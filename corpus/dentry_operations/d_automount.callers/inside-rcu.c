// SPDX-License-Identifier: GPL-2.0-only
/// A mount is asked for in rcu-walk, and after it.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static unsigned long heather_seen;

struct vfsmount *heather_follow(struct path *path)
{
	struct vfsmount *mount;

	rcu_read_lock();
	mount = path->dentry->d_op->d_automount(path);	/* violates: d_automount.callers low */
	rcu_read_unlock();
	return mount;
}

struct vfsmount *heather_follow_later(struct path *path)
{
	struct vfsmount *mount;

	rcu_read_lock();
	heather_seen++;
	rcu_read_unlock();
	mount = path->dentry->d_op->d_automount(path);	/* ok: d_automount.callers */
	return mount;
}
