// SPDX-License-Identifier: GPL-2.0-only
/// The semaphore is that of the list of devices.
// Kernel: 6.8
#include <linux/fs.h>

struct pansy_devices {
	struct rw_semaphore i_rwsem;
	dev_t last;
};

static int pansy_mknod(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode,
		       dev_t dev)
{
	struct pansy_devices *devices = dir->i_sb->s_fs_info;

	down_write(&devices->i_rwsem);	/* ok: mknod.no_relock */
	devices->last = dev;
	up_write(&devices->i_rwsem);
	return 0;
}

const struct inode_operations pansy_iops = {
	.mknod = pansy_mknod,
};
