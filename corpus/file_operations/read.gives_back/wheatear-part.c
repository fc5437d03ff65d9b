// SPDX-License-Identifier: GPL-2.0-only
/// The others go to a label that puts more and hides the error: to unlock alone is a part of it, and a person must choose.
// Fixable: no
// Source: our own, after a planted fault in ntfs_readdir() of 7.3
#include <linux/dcache.h>
#include <linux/methods.h>
#include <linux/store.h>

struct mutex { int value; };
struct wheatear { struct mutex lock; int state; };

void mutex_lock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
void wheatear_put(struct wheatear *one);
struct wheatear *wheatear_next(struct wheatear *own);
int wheatear_statfs(struct dentry *dentry, struct kstatfs *buf);

static long wheatear_read(struct file *file, char *buf, size_t len, loff_t *pos)
{
	struct wheatear *own = file->private_data, *next = wheatear_next(own);
	int err;

	mutex_lock(&own->lock);
	err = store_reserve(file->f_inode, 1);
	if (err)
		goto out;
	if (len > 64)
		return -EINVAL;	/* violates: read.gives_back */
	err = store_reserve(file->f_inode, len);
out:
	if (err) {
		own->state = err;
		err = 0;
	}
	wheatear_put(next);
	mutex_unlock(&own->lock);
	return err;
}

const struct file_operations wheatear_fops = {
	.read = wheatear_read,
};

const struct super_operations wheatear_sops = {
	.statfs = wheatear_statfs,
};
