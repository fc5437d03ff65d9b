// SPDX-License-Identifier: GPL-2.0-only
/// The helper is given the mask and bails out before it sleeps.
// Kernel: 6.12
#include <linux/fs.h>

static int poplar_refresh(struct inode *inode, int mask)
{
	struct mutex *lock = inode->i_private;

	if (mask & MAY_NOT_BLOCK)
		return -ECHILD;
	mutex_lock(lock);
	mutex_unlock(lock);
	return 0;
}

static int poplar_permission(struct mnt_idmap *idmap, struct inode *inode, int mask)
{
	int err = poplar_refresh(inode, mask);	/* ok: permission.rcu_walk */

	if (err)
		return err;
	return generic_permission(idmap, inode, mask);
}

const struct inode_operations poplar_dir_ops = {
	.permission = poplar_permission,
};
