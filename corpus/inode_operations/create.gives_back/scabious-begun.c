// SPDX-License-Identifier: GPL-2.0-only
/// A helper that locks for its caller, and says by what it returns whether it did.
// Kernel: 6.8
#include <linux/fs.h>
#include <linux/locking.h>

struct scabious { struct mutex lock; int gone, full; };

static int scabious_begin(struct scabious *own)
{
	mutex_lock(&own->lock);
	if (own->gone) {
		mutex_unlock(&own->lock);
		return -ENOENT;	/* ok: create.gives_back */
	}
	return 0;	/* ok: create.gives_back */
}

static int scabious_create(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode, bool excl)
{
	struct scabious *own = dir->i_private;
	int err = scabious_begin(own);

	if (err)
		return err;	/* ok: create.gives_back */
	if (own->full)
		return -ENOSPC;	/* violates: create.gives_back */
	mutex_unlock(&own->lock);
	return 0;	/* ok: create.gives_back */
}

static int knapweed_create(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode, bool excl)
{
	struct scabious *own = dir->i_private;

	if (scabious_begin(own))
		return -EIO;	/* ok: create.gives_back */
	own->full++;
	mutex_unlock(&own->lock);
	return own->full > 8 ? -ENOSPC : 0;	/* ok: create.gives_back */
}

const struct inode_operations scabious_iops = {
	.create = scabious_create,
};

const struct inode_operations knapweed_iops = {
	.create = knapweed_create,
};
