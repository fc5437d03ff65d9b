// SPDX-License-Identifier: GPL-2.0-only
/// A mutex is taken whatever the mask says.
// Kernel: 6.12
#include <linux/fs.h>

static int plum_permission(struct mnt_idmap *idmap, struct inode *inode, int mask)
{
	struct mutex *lock = inode->i_private;
	int ret;

	mutex_lock(lock);	/* violates: permission.rcu_walk */
	ret = generic_permission(idmap, inode, mask);
	mutex_unlock(lock);
	return ret;
}

const struct inode_operations plum_dir_ops = {
	.permission = plum_permission,
};
