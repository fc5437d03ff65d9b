// SPDX-License-Identifier: GPL-2.0-only
/// A lock that is taken right ahead of the put that it guards: given back behind that, for ahead of it nothing would be guarded.
// Kernel: 6.8
#include <linux/fs.h>

struct godwit {
	int count;
	struct inode *inode;
};

struct godwit *godwit_find(struct inode *dir);
void godwit_put(struct godwit *one);
int godwit_read(struct godwit *one, struct dentry *dentry);
static struct mutex godwit_mutex;

static struct dentry *godwit_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct godwit *one = godwit_find(dir);
	int err;

	if (!one)
		return ERR_PTR(-ENOENT);
	err = godwit_read(one, dentry);
	if (err)
		goto out;
	return NULL;

out:
	mutex_lock(&godwit_mutex);
	godwit_put(one);
	return ERR_PTR(err);	/* violates: lookup.gives_back moderate */
}

static int godwit_rmdir(struct inode *dir, struct dentry *dentry)
{
	struct godwit *one = dir->i_private;

	mutex_lock(&godwit_mutex);
	godwit_put(one);
	mutex_unlock(&godwit_mutex);
	return 0;
}

const struct inode_operations godwit_iops = { .lookup = godwit_lookup, .rmdir = godwit_rmdir };
