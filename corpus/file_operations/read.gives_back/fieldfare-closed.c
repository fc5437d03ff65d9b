// SPDX-License-Identifier: GPL-2.0-only
/// A helper takes the lock for the method that calls it, which gives it back; a twin of it forgets the lock on one way.
// Source: our own, after mutants of fsync and readdir methods
#include <linux/dcache.h>
#include <linux/methods.h>
#include <linux/store.h>

struct mutex { int value; };
struct fieldfare { struct mutex lock; int state; };

void mutex_lock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
int fieldfare_statfs(struct dentry *dentry, struct kstatfs *buf);

static int fieldfare_open(struct fieldfare *own, int wanted)
{
	mutex_lock(&own->lock);
	if (own->state == wanted)
		return 1;	/* ok: read.gives_back */
	mutex_unlock(&own->lock);
	return 0;	/* ok: read.gives_back */
}

static int fieldfare_count(struct inode *inode, struct mutex *count)
{
	mutex_lock(count);
	if (inode->i_size)
		return 2;	/* violates: read.gives_back moderate */
	mutex_unlock(count);
	return 1;	/* ok: read.gives_back */
}

static long fieldfare_read(struct file *file, char *buf, size_t len, loff_t *pos)
{
	struct fieldfare *own = file->f_inode->i_private;
	struct mutex *count = file->private_data;
	int number = fieldfare_count(file->f_inode, count);

	if (fieldfare_open(own, number)) {
		own->state = 0;
		mutex_unlock(&own->lock);
	}
	return 0;	/* ok: read.gives_back */
}

const struct file_operations fieldfare_fops = {
	.read = fieldfare_read,
};

const struct super_operations fieldfare_sops = {
	.statfs = fieldfare_statfs,
};
