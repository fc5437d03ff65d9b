// SPDX-License-Identifier: GPL-2.0-only
/// A finder hands back what it was given, counted once more: who does not ask igrab() knows that it cannot fail.
// Kernel: 6.8
#include <linux/fs.h>

struct inode *igrab(struct inode *inode);
struct inode *ilookup(struct super_block *sb, unsigned long ino);
void iput(struct inode *inode);
int timothy_check(struct inode *dir);
struct dentry *d_splice_alias(struct inode *inode, struct dentry *dentry);
void *ERR_CAST(const void *error);

static struct inode *timothy_find(struct inode *dir, unsigned int flags)
{
	struct inode *inode;

	if (!flags) {
		igrab(dir);
		return dir;
	}
	inode = ilookup(dir->i_sb, flags);
	return inode ? inode : ERR_PTR(-ENOENT);
}

static struct dentry *timothy_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct inode *inode = timothy_find(dir, flags);
	int err;

	if (IS_ERR(inode))
		return ERR_CAST(inode);
	err = timothy_check(dir);
	if (err)
		return ERR_PTR(err);	/* violates: lookup.gives_back */
	return d_splice_alias(inode, dentry);	/* ok: lookup.gives_back */
}

const struct inode_operations timothy_iops = { .lookup = timothy_lookup };
