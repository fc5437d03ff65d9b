// SPDX-License-Identifier: GPL-2.0-only
/// Device numbers are kept in the directory, which is locked for it once more.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static int pansy_mknod(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode,
		       dev_t dev)
{
	if (dev) {
		down_write(&dir->i_rwsem);	/* violates: mknod.no_relock */
		dir->i_private = dentry;
		up_write(&dir->i_rwsem);
	}
	return 0;
}

const struct inode_operations pansy_iops = {
	.mknod = pansy_mknod,
};
