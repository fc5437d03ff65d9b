// SPDX-License-Identifier: GPL-2.0-only
/// Both directories are locked; the helper locks the second one once more.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

static void plantain_insert(struct inode *dir, struct dentry *dentry)
{
	inode_lock(dir);
	dir->i_private = dentry;
	inode_unlock(dir);
}

static int plantain_rename(struct mnt_idmap *idmap, struct inode *from, struct dentry *old, struct inode *to,
			   struct dentry *new, unsigned int flags)
{
	from->i_size--;
	plantain_insert(to, old);	/* violates: rename.no_relock */
	return 0;
}

const struct inode_operations plantain_iops = {
	.rename = plantain_rename,
};
