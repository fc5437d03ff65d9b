// SPDX-License-Identifier: GPL-2.0-only
/// Who only changes how a lock is held gives it back all the same by what takes nothing.
// Kernel: 6.8
#include <linux/fs.h>
#include <linux/rwsem.h>

struct sorrel_dir { struct rw_semaphore lock; struct sorrel_dir *next; };

int sorrel_load(struct inode *dir);
int sorrel_show(struct inode *dir);

static int sorrel_create(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode, bool excl)
{
	struct sorrel_dir *own = dir->i_private;
	int err;

	down_write(&own->lock);
	if (!own->next) {
		err = sorrel_load(dir);
		if (err < 0)
			return err;	/* violates: create.gives_back */
	}
	downgrade_write(&own->lock);
	err = sorrel_show(dir);
	up_read(&own->lock);
	return err;		/* ok: create.gives_back */
}

const struct inode_operations sorrel_iops = {
	.create = sorrel_create,
};
