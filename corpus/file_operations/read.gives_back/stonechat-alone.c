// SPDX-License-Identifier: GPL-2.0-only
/// One return for a failure and for nothing to do, the only one that keeps the lock: all ways to it owe the label.
// Source: our own, after planted faults in ecryptfs_mkdir() and ecryptfs_link() of 6.12
#include <linux/dcache.h>
#include <linux/methods.h>
#include <linux/store.h>

struct mutex { int value; };
struct stonechat { struct mutex lock; int state; };

void mutex_lock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
int stonechat_statfs(struct dentry *dentry, struct kstatfs *buf);

static long stonechat_read(struct file *file, char *buf, size_t len, loff_t *pos)
{
	struct stonechat *own = file->private_data;
	int err;

	mutex_lock(&own->lock);
	err = store_reserve(file->f_inode, 1);
	if (err)
		goto out;
	err = store_reserve(file->f_inode, len);
	if (err || !own->state)
		return err;	/* violates: read.gives_back */
	own->state = 0;
out:
	mutex_unlock(&own->lock);
	return err;
}

const struct file_operations stonechat_fops = {
	.read = stonechat_read,
};

const struct super_operations stonechat_sops = {
	.statfs = stonechat_statfs,
};
