// SPDX-License-Identifier: GPL-2.0-only
/// The directory is unlocked around a wait and locked again.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

void oxlip_wait(struct super_block *sb);

static int oxlip_mkdir(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	inode_unlock(dir);	/* violates: mkdir.no_relock low */
	oxlip_wait(dir->i_sb);
	inode_lock(dir);	/* ok: mkdir.no_relock */
	dir->i_nlink++;
	return 0;
}

const struct inode_operations oxlip_iops = {
	.mkdir = oxlip_mkdir,
};
