// SPDX-License-Identifier: GPL-2.0-only
/// A method takes a lock that nobody ever gives back; another lock is for the method that follows, and one is never taken.
#include <linux/dcache.h>
#include <linux/methods.h>
#include <linux/store.h>

struct mutex { int value; };
struct dabchick { struct mutex lock; struct mutex gate; struct mutex spare; };

void mutex_lock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
int mutex_trylock(struct mutex *lock);
int dabchick_statfs(struct dentry *dentry, struct kstatfs *buf);
long dabchick_count(struct inode *inode);

static long dabchick_read(struct file *file, char *buf, size_t len, loff_t *pos)
{
	struct dabchick *own = file->private_data;
	long n;

	mutex_lock(&own->lock);
	n = dabchick_count(file->f_inode);
	return n;	/* violates: read.gives_back moderate */
}

static long dabchick_first(struct file *file, char *buf, size_t len, loff_t *pos)
{
	struct dabchick *own = file->private_data;

	mutex_lock(&own->gate);
	return len;	/* ok: read.gives_back */
}

static long dabchick_second(struct file *file, char *buf, size_t len, loff_t *pos)
{
	struct dabchick *own = file->private_data;

	BUG_ON(mutex_trylock(&own->spare));
	mutex_unlock(&own->gate);
	return len;	/* ok: read.gives_back */
}

const struct file_operations dabchick_fops = {
	.read = dabchick_read,
};

const struct file_operations dabchick_first_fops = {
	.read = dabchick_first,
};

const struct file_operations dabchick_second_fops = {
	.read = dabchick_second,
};

const struct super_operations dabchick_sops = {
	.statfs = dabchick_statfs,
};
