// SPDX-License-Identifier: GPL-2.0-only
/// A method that another one hands on is a method still: nobody knows of its lock, whose end another method may be.
// Fixable: no
#include <linux/dcache.h>
#include <linux/methods.h>
#include <linux/store.h>

struct mutex { int value; };
struct brambling { struct mutex lock; int state; };

void mutex_lock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
int brambling_statfs(struct dentry *dentry, struct kstatfs *buf);
int brambling_begin(struct inode *dir, long (*reader)(struct file *, char *, size_t, loff_t *));

static long brambling_read(struct file *file, char *buf, size_t len, loff_t *pos)
{
	struct brambling *own = file->f_inode->i_private;

	mutex_lock(&own->lock);
	if (own->state) {
		own->state++;
		mutex_unlock(&own->lock);
		return store_read(file->f_inode, 0, buf, len);	/* ok: read.gives_back */
	}
	if (len > 64)
		return store_read(file->f_inode, 1, buf, len);	/* violates: read.gives_back moderate */
	mutex_unlock(&own->lock);
	return 0;	/* ok: read.gives_back */
}

static int brambling_unlink(struct inode *dir, struct dentry *dentry)
{
	return brambling_begin(dir, brambling_read);
}

static int brambling_iterate(struct file *file, void *context)
{
	struct brambling *own = file->f_inode->i_private;

	mutex_unlock(&own->lock);
	return 0;
}

const struct inode_operations brambling_iops = {
	.unlink = brambling_unlink,
};

const struct file_operations brambling_fops = {
	.read = brambling_read,
	.iterate_shared = brambling_iterate,
};

const struct super_operations brambling_sops = {
	.statfs = brambling_statfs,
};
