// SPDX-License-Identifier: GPL-2.0-only
/// A test that has the constant first asks the same as one that has it last.
// Kernel: 6.8
#include <linux/fs.h>

struct dentry *dget_parent(struct dentry *dentry);
void dput(struct dentry *dentry);
int plantain_grow(void);

static int plantain_one(struct dentry *dentry)
{
	struct dentry *parent = dget_parent(dentry);
	int err;

	if (NULL == parent)
		return -ENOENT;	/* ok: lookup.gives_back */
	err = plantain_grow();
	if (0 != err)
		return err;	/* violates: lookup.gives_back */
	dput(parent);
	return 0;	/* ok: lookup.gives_back */
}

static int plantain_other(struct dentry *dentry, int deep)
{
	struct dentry *parent = NULL;
	int err = 0;

	if (deep > 0)
		parent = dget_parent(dentry);
	if (NULL != parent)
		err = plantain_grow();
	if (0 > err) {
		if (NULL != parent)
			dput(parent);
		return err;	/* ok: lookup.gives_back */
	}
	if (NULL == parent)
		return 0;	/* ok: lookup.gives_back */
	dput(parent);
	return 0;	/* ok: lookup.gives_back */
}

static struct dentry *plantain_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	int err = plantain_one(dentry);

	return ERR_PTR(err ? err : plantain_other(dentry, (int)flags));
}

const struct inode_operations plantain_iops = { .lookup = plantain_lookup };
