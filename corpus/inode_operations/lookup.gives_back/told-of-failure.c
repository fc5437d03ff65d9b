// SPDX-License-Identifier: GPL-2.0-only
/// Who is told of a failure takes nothing for it: with what is known of the number there is nothing, and else it is unlikely.
// Kernel: 6.8
// Fixable: no
// Source: the shape of ceph_finish_lookup() of 6.1
#include <linux/fs.h>

struct dentry *d_find_alias(struct inode *inode);
void dput(struct dentry *dentry);
int campion_ask(struct inode *dir);

static struct dentry *campion_finish(struct inode *dir, int err)
{
	if (err == -ENOENT)
		err = 0;
	if (err)
		return ERR_PTR(err);
	return d_find_alias(dir);
}

static int campion_find(struct inode *dir)
{
	int err = campion_ask(dir);
	struct dentry *alias;

	if (err == -ENOENT)
		return err;	/* ok: lookup.gives_back */
	alias = campion_finish(dir, err);
	if (err)
		return err;	/* ok: lookup.gives_back */
	dput(alias);
	return 0;	/* ok: lookup.gives_back */
}

static struct dentry *campion_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	int err = campion_find(dir) ? campion_ask(dir) : 0;
	struct dentry *alias = campion_finish(dir, err);

	if (err < 0)
		return ERR_PTR(err);	/* violates: lookup.gives_back low */
	dput(alias);
	return NULL;	/* ok: lookup.gives_back */
}

const struct inode_operations campion_iops = {
	.lookup = campion_lookup,
};
