// SPDX-License-Identifier: GPL-2.0-only
/// Only where it fails the method gives back what it took, and nobody else does: it may be meant for whoever calls it.
#include <linux/dcache.h>
#include <linux/methods.h>
#include <linux/store.h>

struct mutex { int value; };
struct dunnock { struct mutex lock; int state; };

void mutex_lock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
int dunnock_statfs(struct dentry *dentry, struct kstatfs *buf);

static long dunnock_read(struct file *file, char *buf, size_t len, loff_t *pos)
{
	struct dunnock *own = file->f_inode->i_private;

	mutex_lock(&own->lock);
	if (own->state) {
		mutex_unlock(&own->lock);
		return -EIO;	/* ok: read.gives_back */
	}
	own->state = 1;
	return 1;	/* ok: read.gives_back */
}

const struct file_operations dunnock_fops = {
	.read = dunnock_read,
};

const struct super_operations dunnock_sops = {
	.statfs = dunnock_statfs,
};
