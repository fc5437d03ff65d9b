// SPDX-License-Identifier: GPL-2.0-only
/// The directory is locked exclusively, and locked again for reading.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static int parsley_symlink(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry,
			   const char *target)
{
	long room;

	inode_lock_shared(dir);	/* violates: symlink.no_relock */
	room = dir->i_size;
	inode_unlock_shared(dir);
	return room > 60 && target[0] ? 0 : -ENOSPC;
}

const struct inode_operations parsley_iops = {
	.symlink = parsley_symlink,
};
