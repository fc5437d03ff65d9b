// SPDX-License-Identifier: GPL-2.0-only
/// Who calls a helper that locks on one way, and one that unlocks on another, gives back nothing of what the first has taken.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>
#include <linux/locking.h>

struct yarrow { struct mutex lock; int parts; };

static void yarrow_end(struct yarrow *own)
{
	own->parts--;
	mutex_unlock(&own->lock);
}

static int yarrow_fill(struct yarrow *own)
{
	mutex_lock(&own->lock);
	own->parts++;
	return own->parts;	/* violates: create.gives_back moderate */
}

static int yarrow_create(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode, bool excl)
{
	struct yarrow *own = dir->i_private;

	if (mode) {
		mutex_lock(&own->lock);
		yarrow_end(own);
		return 0;	/* ok: create.gives_back */
	}
	return yarrow_fill(own);	/* ok: create.gives_back */
}

static int tansy_open(struct yarrow *own)
{
	mutex_lock(&own->lock);
	return own->parts;	/* ok: create.gives_back */
}

static int tansy_create(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode, bool excl)
{
	struct yarrow *own = dir->i_private;
	int parts = tansy_open(own);

	yarrow_end(own);
	return parts ? 0 : -EIO;	/* ok: create.gives_back */
}

const struct inode_operations yarrow_iops = {
	.create = yarrow_create,
};

const struct inode_operations tansy_iops = {
	.create = tansy_create,
};
