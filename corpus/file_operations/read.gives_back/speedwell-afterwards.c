// SPDX-License-Identifier: GPL-2.0-only
/// The lock is gone from the label that all ways come to: what is flushed behind it, others flush once they have given it back.
#include <linux/dcache.h>
#include <linux/methods.h>
#include <linux/store.h>

struct mutex { int value; };
struct speedwell { struct mutex lock; int state; };

void mutex_lock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
int speedwell_statfs(struct dentry *dentry, struct kstatfs *buf);
int speedwell_find(struct speedwell *own, size_t len);
int speedwell_flush(struct inode *inode);

static long speedwell_read(struct file *file, char *buf, size_t len, loff_t *pos)
{
	struct speedwell *own = file->f_inode->i_private;
	long done;

	mutex_lock(&own->lock);
	done = speedwell_find(own, len);
	if (done)
		goto out;
	own->state++;
out:
	if (!done)
		done = speedwell_flush(file->f_inode);
	return done;	/* violates: read.gives_back moderate */
}

static long brooklime_read(struct file *file, char *buf, size_t len, loff_t *pos)
{
	struct speedwell *own = file->f_inode->i_private;
	long done;

	mutex_lock(&own->lock);
	done = speedwell_find(own, 2 * len);
	mutex_unlock(&own->lock);
	if (!done)
		done = speedwell_flush(file->f_inode);
	return done;	/* ok: read.gives_back */
}

const struct file_operations speedwell_fops = {
	.read = speedwell_read,
};

const struct file_operations brooklime_fops = {
	.read = brooklime_read,
};

const struct super_operations speedwell_sops = {
	.statfs = speedwell_statfs,
};
