// SPDX-License-Identifier: GPL-2.0-only
/// A dentry is hashed in a step of its own; the one that is given its inode at the same time is not.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

void d_add(struct dentry *dentry, struct inode *inode);
void d_rehash(struct dentry *dentry);
struct inode *avens_find(struct inode *dir, struct dentry *dentry);

static struct dentry *avens_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct inode *inode = avens_find(dir, dentry);

	if (inode) {
		d_instantiate(dentry, inode);
		d_rehash(dentry);	/* violates: lookup.must_not_call low */
		return NULL;
	}
	d_add(dentry, NULL);	/* ok: lookup.must_not_call */
	return NULL;
}

const struct inode_operations avens_iops = {
	.lookup = avens_lookup,
};
