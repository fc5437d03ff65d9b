// SPDX-License-Identifier: GPL-2.0-only
/// The lock of another object has the same name.
#include <linux/dcache.h>

struct medick_info {
	spinlock_t d_lock;
	int users;
};

static int medick_delete(const struct dentry *dentry)
{
	struct medick_info *info = dentry->d_inode->i_private;

	spin_lock(&info->d_lock);	/* ok: d_delete.no_relock */
	info->users--;
	spin_unlock(&info->d_lock);
	return 1;
}

const struct dentry_operations medick_dops = {
	.d_delete = medick_delete,
};
