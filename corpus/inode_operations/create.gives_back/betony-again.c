// SPDX-License-Identifier: GPL-2.0-only
/// A lock is taken once more by who holds it still; of another object, or where a helper let go of it, it is not.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>
#include <linux/rwsem.h>

struct betony_dir { struct rw_semaphore lock; struct betony_dir *next; };

int betony_space(struct inode *dir);

static void betony_leave(struct betony_dir *own)
{
	up_write(&own->lock);
}

static int betony_create(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode, bool excl)
{
	struct betony_dir *own = dir->i_private;
	int err;

retry:
	down_write(&own->lock);		/* violates: create.gives_back moderate */
	err = betony_space(dir);
	if (err == -EAGAIN)
		goto retry;
	if (err) {
		betony_leave(own);
		down_write(&own->lock);	/* ok: create.gives_back */
	}
	up_write(&own->lock);
	return err;
}

static int bugle_create(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode, bool excl)
{
	struct betony_dir *own = dir->i_private;

	down_write(&own->lock);
	if (own->next) {
		own = own->next;
		down_write(&own->lock);	/* ok: create.gives_back */
	}
	up_write(&own->lock);
	return 0;
}

const struct inode_operations betony_iops = {
	.create = betony_create,
};

const struct inode_operations bugle_iops = {
	.create = bugle_create,
};
