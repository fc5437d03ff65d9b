// SPDX-License-Identifier: GPL-2.0-only
/// The sleep is for those who want to write, and rcu-walk only asks to search.
// Kernel: 6.12
#include <linux/fs.h>

static int rowan_permission(struct mnt_idmap *idmap, struct inode *inode, int mask)
{
	struct mutex *lock = inode->i_private;

	if (mask & MAY_WRITE) {
		mutex_lock(lock);	/* ok: permission.rcu_walk */
		mutex_unlock(lock);
	}
	return generic_permission(idmap, inode, mask);
}

const struct inode_operations rowan_dir_ops = {
	.permission = rowan_permission,
};
