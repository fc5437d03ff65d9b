// SPDX-License-Identifier: GPL-2.0-only
/// A reference to an inode that iget_locked() may have made anew: to drop it alone would leave it locked, so no fix is made.
// Kernel: 6.8
// Fixable: no
// Source: the shape of ecryptfs_lookup_interpose() of 6.12
#include <linux/fs.h>

struct inode *iget_locked(struct super_block *sb, unsigned long ino);
struct dentry *d_splice_alias(struct inode *inode, struct dentry *dentry);

static struct dentry *saxifrage_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct inode *inode = iget_locked(dir->i_sb, 7);

	if (!inode)
		return ERR_PTR(-ENOMEM);	/* ok: lookup.gives_back */
	if (!inode->i_size)
		return ERR_PTR(-EIO);	/* violates: lookup.gives_back */
	return d_splice_alias(inode, dentry);	/* ok: lookup.gives_back */
}

const struct inode_operations saxifrage_iops = {
	.lookup = saxifrage_lookup,
};
