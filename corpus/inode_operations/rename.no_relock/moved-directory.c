// SPDX-License-Identifier: GPL-2.0-only
/// A directory that goes to another one is locked by the VFS already.
// Kernel: 6.8
// Fixable: no
// Source: after the shape of f950fd052913 ("udf: Protect rename against modification of moved directory"), in the structure of ->rename
#include <linux/fs.h>

struct betony_entry {
	struct inode *dir;
	struct inode *inode;
};

static int betony_rename(struct mnt_idmap *idmap, struct inode *from, struct dentry *old, struct inode *to,
			 struct dentry *new, unsigned int flags)
{
	struct betony_entry entry = {
		.dir = from,
		.inode = d_inode(old),
	};

	if (from != to) {
		inode_lock(entry.inode);	/* violates: rename.no_relock moderate */
		entry.inode->i_private = to;
		inode_unlock(entry.inode);
	}
	return 0;
}

const struct inode_operations betony_iops = {
	.rename = betony_rename,
};
