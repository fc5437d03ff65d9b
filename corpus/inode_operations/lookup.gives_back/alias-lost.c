// SPDX-License-Identifier: GPL-2.0-only
/// An alias of d_splice_alias() is overwritten by an error pointer; behind BUG_ON() there is none that could be kept.
// Kernel: 6.8
// Source: the shape of ocfs2_lookup() of 6.12
#include <linux/fs.h>

struct dentry *d_splice_alias(struct inode *inode, struct dentry *dentry);
void dput(struct dentry *dentry);
struct inode *bugle_find(struct inode *dir, struct dentry *dentry);
int bugle_attach(struct inode *inode);

static struct dentry *bugle_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct inode *inode = bugle_find(dir, dentry);
	struct dentry *alias = d_splice_alias(inode, dentry);

	if (IS_ERR(alias))
		return alias;	/* ok: lookup.gives_back */
	if (bugle_attach(inode))
		alias = ERR_PTR(-EIO);
	return alias;	/* violates: lookup.gives_back */
}

static struct dentry *clary_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct inode *inode = bugle_find(dir, dentry);
	struct dentry *alias = d_splice_alias(inode, dentry);

	if (IS_ERR(alias))
		return alias;	/* ok: lookup.gives_back */
	if (flags) {
		dput(alias);
		return ERR_PTR(-EIO);	/* ok: lookup.gives_back */
	}
	if (bugle_attach(inode)) {
		BUG_ON(alias != NULL);
		return ERR_PTR(-EIO);	/* ok: lookup.gives_back */
	}
	return alias;	/* ok: lookup.gives_back */
}

const struct inode_operations bugle_iops = {
	.lookup = bugle_lookup,
};

const struct inode_operations clary_iops = {
	.lookup = clary_lookup,
};
