// SPDX-License-Identifier: GPL-2.0-only
/// One state of the dentry takes a mutex, and d_lock is held.
// Kernel: 6.12
// Fixable: no
#include <linux/fs.h>

struct fir_info {
	struct mutex lock;
	int state;
	int users;
};

static int fir_d_delete(const struct dentry *dentry)
{
	struct fir_info *info = dentry->d_fsdata;

	switch (info->state) {
	case 0:
		return 1;
	case 1:
		goto counted;
	default:
		break;
	}
	return 0;

counted:
	mutex_lock(&info->lock);	/* violates: d_delete.never_sleeps */
	info->users--;
	mutex_unlock(&info->lock);
	return !info->users;
}

const struct dentry_operations fir_dentry_ops = {
	.d_delete = fir_d_delete,
};
