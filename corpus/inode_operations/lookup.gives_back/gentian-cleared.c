// SPDX-License-Identifier: GPL-2.0-only
/// A name that is cleared, or gets an error, holds nothing any more: what it held is lost.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

struct dentry *lookup_one_len(const char *name, struct dentry *base, int len);
void dput(struct dentry *dentry);
int gentian_fits(struct inode *dir);

struct gentian { struct dentry *first; };

static struct dentry *gentian_index(struct inode *dir, struct dentry *base)
{
	struct dentry *index = lookup_one_len("index", base, 5);

	if (IS_ERR(index))
		return index;	/* ok: lookup.gives_back */
	if (!gentian_fits(dir))
		index = NULL;	/* violates: lookup.gives_back */
	return index;
}

static struct dentry *gentian_first(struct inode *dir, struct dentry *base)
{
	struct dentry *index = lookup_one_len("first", base, 5);
	struct gentian *own = dir->i_private;

	if (IS_ERR(index))
		return index;	/* ok: lookup.gives_back */
	if (!gentian_fits(dir)) {
		own->first = index;
		index = NULL;	/* ok: lookup.gives_back */
	} else if (!own->first) {
		dput(index);
		index = NULL;	/* ok: lookup.gives_back */
	}
	return index;
}

static struct dentry *gentian_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct dentry *index = gentian_index(dir, dentry);

	return index ? index : gentian_first(dir, dentry);
}

const struct inode_operations gentian_iops = { .lookup = gentian_lookup };
