// SPDX-License-Identifier: GPL-2.0-only
/// What a helper has given back where it fails its caller must not give back again.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

void dput(struct dentry *dentry);
struct dentry *d_find_alias(struct inode *inode);

static int ouzel_takes(struct inode *dir, struct dentry *alias)
{
	if (dir->i_size < 3) {
		dput(alias);
		return -EINVAL;
	}
	return 0;
}

static int ouzel_leaves(struct inode *dir, struct dentry *alias)
{
	return dir->i_size < 5 && alias ? -EINVAL : 0;
}

static int ouzel_first(struct inode *dir)
{
	struct dentry *alias = d_find_alias(dir);
	int err;

	if (!alias)
		return -ENOENT;	/* ok: lookup.gives_back */
	err = ouzel_takes(dir, alias);
	dput(alias);	/* violates: lookup.gives_back moderate */
	return err;
}

static int ouzel_second(struct inode *dir)
{
	struct dentry *alias = d_find_alias(dir);
	int err;

	if (!alias)
		return -ENOENT;	/* ok: lookup.gives_back */
	err = ouzel_takes(dir, alias);
	if (err)
		return err;	/* ok: lookup.gives_back */
	err = ouzel_leaves(dir, alias);
	dput(alias);	/* ok: lookup.gives_back */
	return err;
}

static struct dentry *ouzel_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	return ERR_PTR(ouzel_first(dir) + ouzel_second(dir));	/* ok: lookup.gives_back */
}

const struct inode_operations ouzel_iops = { .lookup = ouzel_lookup };
