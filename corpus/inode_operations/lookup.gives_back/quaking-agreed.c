// SPDX-License-Identifier: GPL-2.0-only
/// A dentry that all others who get it so give back is not meant to stay; one that nobody gives back may be.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

struct dentry *d_find_alias(struct inode *inode);
void dput(struct dentry *dentry);
int quaking_list(struct inode *dir, unsigned int flags);
int quaking_size(struct inode *dir);

static struct dentry *quaking_decode(struct inode *dir)
{
	struct dentry *found = d_find_alias(dir);
	return found ? found : ERR_PTR(-ENOENT);
}

static int quaking_first(struct inode *dir)
{
	struct dentry *found = quaking_decode(dir);
	int err;

	if (IS_ERR(found))
		return PTR_ERR(found);
	err = quaking_size(dir);
	dput(found);
	return err;	/* ok: lookup.gives_back */
}

static int quaking_second(struct inode *dir)
{
	struct dentry *found = quaking_decode(dir);
	int err = IS_ERR(found) ? PTR_ERR(found) : quaking_list(dir, 2);

	if (!IS_ERR(found))
		dput(found);
	return err;	/* ok: lookup.gives_back */
}

static int quaking_third(struct inode *dir, unsigned int flags)
{
	struct dentry *found = quaking_decode(dir);
	int err = IS_ERR(found) ? PTR_ERR(found) : quaking_list(dir, flags);

	return err;	/* violates: lookup.gives_back moderate */
}

static struct dentry *quaking_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	int err = quaking_first(dir);

	if (err)
		err = quaking_second(dir);
	if (err)
		err = quaking_third(dir, flags);
	return ERR_PTR(err);
}

const struct inode_operations quaking_iops = { .lookup = quaking_lookup };
