// SPDX-License-Identifier: GPL-2.0-only
/// No kernel has the file but one that was asked for its tests: what is lost there is a step less sure than elsewhere.
// Kernel: 6.8
#include <linux/fs.h>

struct dentry *d_splice_alias(struct inode *inode, struct dentry *dentry);
void dput(struct dentry *dentry);
struct inode *clarion_find(struct inode *dir, struct dentry *dentry);
int clarion_attach(struct inode *inode);

static struct dentry *clarion_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct inode *inode = clarion_find(dir, dentry);
	struct dentry *alias = d_splice_alias(inode, dentry);

	if (IS_ERR(alias))
		return alias;	/* ok: lookup.gives_back */
	if (clarion_attach(inode))
		alias = ERR_PTR(-EIO);
	return alias;	/* violates: lookup.gives_back moderate */
}

const struct inode_operations clarion_iops = {
	.lookup = clarion_lookup,
};
