// SPDX-License-Identifier: GPL-2.0-only
/// Who returns what a helper does to callers nobody knows hands on what the helper has locked.
// Kernel: 6.8
#include <linux/export.h>
#include <linux/fs.h>
#include <linux/rwsem.h>

struct dodder_dir { struct rw_semaphore lock; };

struct dentry *dodder_find(struct dodder_dir *dir);

static struct dentry *dodder_begin(struct dodder_dir *dir)
{
	struct dentry *found;

	down_write(&dir->lock);
	found = dodder_find(dir);
	if (!IS_ERR(found))
		return found;	/* ok: lookup.gives_back */
	up_write(&dir->lock);
	return found;	/* ok: lookup.gives_back */
}

struct dentry *dodder_create(struct dodder_dir *dir)
{
	struct dentry *found = dodder_begin(dir);

	return found;	/* ok: lookup.gives_back */
}
EXPORT_SYMBOL(dodder_create);

static struct dentry *dodder_start(struct dodder_dir *dir)
{
	struct dentry *found;

	down_write(&dir->lock);
	found = dodder_find(dir);
	if (!IS_ERR(found))
		return found;	/* violates: lookup.gives_back moderate */
	up_write(&dir->lock);
	return found;	/* ok: lookup.gives_back */
}

static struct dentry *dodder_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct dentry *found = dodder_start(dir->i_private);

	return IS_ERR(found) ? found : NULL;
}

const struct inode_operations dodder_iops = { .lookup = dodder_lookup };
