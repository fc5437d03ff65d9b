// SPDX-License-Identifier: GPL-2.0-only
/// The helper is told that the inode is locked.
// Kernel: 6.8
#include <linux/fs.h>

static int rampion_resize(struct inode *inode, loff_t size, bool locked)
{
	if (!locked)
		inode_lock(inode);
	inode->i_size = size;
	if (!locked)
		inode_unlock(inode);
	return 0;
}

static int rampion_fileattr_set(struct mnt_idmap *idmap, struct dentry *dentry, struct fileattr *fa)
{
	return rampion_resize(d_inode(dentry), 0, true);	/* ok: fileattr_set.no_relock */
}

const struct inode_operations rampion_iops = {
	.fileattr_set = rampion_fileattr_set,
};
