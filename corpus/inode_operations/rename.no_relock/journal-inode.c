// SPDX-License-Identifier: GPL-2.0-only
/// The journal is an inode, and none of those that are renamed.
// Kernel: 6.8
#include <linux/fs.h>

static int plantain_rename(struct mnt_idmap *idmap, struct inode *from, struct dentry *old, struct inode *to,
			   struct dentry *new, unsigned int flags)
{
	struct inode *journal = from->i_sb->s_fs_info;

	inode_lock(journal);	/* ok: rename.no_relock */
	journal->i_size++;
	inode_unlock(journal);
	to->i_size++;
	return 0;
}

const struct inode_operations plantain_iops = {
	.rename = plantain_rename,
};
