// SPDX-License-Identifier: GPL-2.0-only
/// The bail-out stands behind the semaphore.
// Kernel: 6.12
#include <linux/fs.h>

static int spruce_d_revalidate(struct dentry *dentry, unsigned int flags)
{
	struct rw_semaphore *sem = dentry->d_fsdata;
	int valid;

	if (flags & LOOKUP_RCU)
		return -ECHILD;
	down_read(sem);
	valid = dentry->d_inode != NULL;
	up_read(sem);
	return valid;
}

const struct dentry_operations spruce_dentry_ops = {
	.d_revalidate = spruce_d_revalidate,
};
