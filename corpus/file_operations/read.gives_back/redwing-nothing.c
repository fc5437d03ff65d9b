// SPDX-License-Identifier: GPL-2.0-only
/// Success is told with the lock held, where a method of the same folder that ends well has given it back.
// Source: our own, after mutants of fsync and readdir methods
#include <linux/dcache.h>
#include <linux/methods.h>
#include <linux/store.h>

struct mutex { int value; };
struct redwing { struct mutex lock; int state; };

void mutex_lock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
int redwing_statfs(struct dentry *dentry, struct kstatfs *buf);

static long redwing_read(struct file *file, char *buf, size_t len, loff_t *pos)
{
	struct redwing *own = file->f_inode->i_private;
	long err;

	mutex_lock(&own->lock);
	if (!own->state)
		return 0;	/* violates: read.gives_back moderate */
	err = store_reserve(file->f_inode, len);
	if (err == -ENOSPC)
		err = 0;
	mutex_unlock(&own->lock);
	return err;	/* ok: read.gives_back */
}

const struct file_operations redwing_fops = {
	.read = redwing_read,
};

const struct super_operations redwing_sops = {
	.statfs = redwing_statfs,
};
