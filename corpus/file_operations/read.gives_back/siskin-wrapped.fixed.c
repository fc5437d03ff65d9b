// SPDX-License-Identifier: GPL-2.0-only
/// A helper without a branch locks for its caller, by way of a variable of its own; a second exit forgets to unlock.
// Source: our own, after mutants of methods that lock the whole file system
#include <linux/dcache.h>
#include <linux/methods.h>
#include <linux/store.h>

struct mutex { int value; };
struct siskin { struct mutex lock; int state; };

void mutex_lock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
int siskin_statfs(struct dentry *dentry, struct kstatfs *buf);

static inline struct siskin *siskin_of(struct inode *inode)
{
	return inode->i_private;
}

static void siskin_lock(struct inode *inode)
{
	struct siskin *own = siskin_of(inode);

	mutex_lock(&own->lock);
}

static void siskin_unlock(struct inode *inode)
{
	struct siskin *own = siskin_of(inode);

	mutex_unlock(&own->lock);
}

static long siskin_read(struct file *file, char *buf, size_t len, loff_t *pos)
{
	struct inode *inode = file->f_inode;
	int err;

	siskin_lock(inode);
	if (len > 64) {
		siskin_unlock(inode);
		return -EINVAL;
	}
	err = store_reserve(inode, len);
	if (err) {
		siskin_unlock(inode);
		return -EIO;
	}
	siskin_unlock(inode);
	return 0;
}

const struct file_operations siskin_fops = {
	.read = siskin_read,
};

const struct super_operations siskin_sops = {
	.statfs = siskin_statfs,
};
