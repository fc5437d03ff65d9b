// SPDX-License-Identifier: GPL-2.0-only
/// The helper is given the mask and could leave rcu-walk itself: a bail-out in front of it would end every walk here.
// Kernel: 6.12
// Fixable: no
#include <linux/fs.h>

static int tansy_check(struct inode *inode, int mask)
{
	struct mutex *lock = inode->i_private;
	int ret;

	mutex_lock(lock);
	ret = mask & MAY_WRITE ? -EACCES : 0;
	mutex_unlock(lock);
	return ret;
}

static int tansy_permission(struct mnt_idmap *idmap, struct inode *inode, int mask)
{
	int ret;

	ret = tansy_check(inode, mask);	/* violates: permission.rcu_walk */
	if (ret)
		return ret;
	return generic_permission(idmap, inode, mask);
}

const struct inode_operations tansy_dir_ops = {
	.permission = tansy_permission,
};
