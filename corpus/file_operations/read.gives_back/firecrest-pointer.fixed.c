// SPDX-License-Identifier: GPL-2.0-only
/// The label makes a pointer of the error, which the exit has just kept: going there puts the other thing as well.
// Source: our own, after a planted fault in xattr_lookup() of reiserfs
#include <linux/dcache.h>
#include <linux/methods.h>
#include <linux/store.h>

struct mutex { int value; };
struct firecrest { struct mutex lock; int state; };

void mutex_lock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
void firecrest_put(struct firecrest *own);
struct firecrest *firecrest_next(struct firecrest *own, size_t len);
int firecrest_statfs(struct dentry *dentry, struct kstatfs *buf);

static struct firecrest *firecrest_find(struct firecrest *own, struct inode *inode, size_t len)
{
	struct firecrest *next;
	int err;

	mutex_lock(&own->lock);
	next = firecrest_next(own, len);
	if (IS_ERR(next)) {
		err = PTR_ERR(next);
		goto out;
	}
	err = store_reserve(inode, len);
	if (err)
		goto out;
	next->state = 1;
out:
	mutex_unlock(&own->lock);
	firecrest_put(own);
	if (err)
		return ERR_PTR(err);
	return next;
}

static long firecrest_read(struct file *file, char *buf, size_t len, loff_t *pos)
{
	struct firecrest *found = firecrest_find(file->private_data, file->f_inode, len);

	return IS_ERR(found) ? PTR_ERR(found) : found->state;
}

const struct file_operations firecrest_fops = {
	.read = firecrest_read,
};

const struct super_operations firecrest_sops = {
	.statfs = firecrest_statfs,
};
