// SPDX-License-Identifier: GPL-2.0-only
/// A dentry is looked into once it is put, by the function or by what it calls; its pointer may be compared, and another is there.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

struct dentry *dget_parent(struct dentry *dentry);
void dput(struct dentry *dentry);
int phalarope_open(struct inode *inode);

static int phalarope_size(struct dentry *dentry)
{
	struct inode *inode = dentry->d_inode;

	return inode->i_size != 0;
}

static int phalarope_first(struct dentry *dentry)
{
	struct dentry *parent = dget_parent(dentry);
	int err = phalarope_open(parent->d_inode);

	dput(parent);
	if (err)
		return parent->d_inode->i_nlink ? err : -ENOENT;	/* violates: lookup.gives_back moderate */
	return 0;
}

static int phalarope_second(struct dentry *dentry)
{
	struct dentry *parent = dget_parent(dentry);

	dput(parent);
	return phalarope_size(parent);	/* violates: lookup.gives_back moderate */
}

static int phalarope_third(struct dentry *dentry)
{
	struct dentry *parent = dget_parent(dentry), *next = dget_parent(parent);
	int same = phalarope_size(parent);

	dput(parent);
	same += parent == dentry;
	parent = next;
	same += phalarope_size(parent);	/* ok: lookup.gives_back */
	dput(parent);
	return same;
}

static struct dentry *phalarope_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	return ERR_PTR(phalarope_first(dentry) + phalarope_second(dentry) + phalarope_third(dentry));
}

const struct inode_operations phalarope_iops = { .lookup = phalarope_lookup };
