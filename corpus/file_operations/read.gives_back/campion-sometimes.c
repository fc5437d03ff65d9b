// SPDX-License-Identifier: GPL-2.0-only
/// A helper unlocks sometimes and says so by its result, which one caller asks for and another does not.
// Fixable: no
#include <linux/dcache.h>
#include <linux/methods.h>
#include <linux/store.h>

struct mutex { int value; };
struct campion { struct mutex lock; };

void mutex_lock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
int campion_statfs(struct dentry *dentry, struct kstatfs *buf);

static int campion_done(struct mutex *lock, struct inode *inode)
{
	if (store_sealed(inode))
		return -EAGAIN;
	mutex_unlock(lock);
	return 0;
}

static long campion_read(struct file *file, char *buf, size_t len, loff_t *pos)
{
	struct campion *own = file->private_data;

	mutex_lock(&own->lock);
	if (store_full(file->f_inode))
		goto out;
	campion_done(&own->lock, file->f_inode);
	return -EINVAL;	/* violates: read.gives_back */
out:
	mutex_unlock(&own->lock);
	return -EIO;	/* ok: read.gives_back */
}

static long campion_ask(struct file *file, char *buf, size_t len, loff_t *pos)
{
	struct campion *own = file->private_data;

	mutex_lock(&own->lock);
	if (campion_done(&own->lock, file->f_inode)) {
		mutex_unlock(&own->lock);
		return -EAGAIN;	/* ok: read.gives_back */
	}
	return -EINVAL;	/* ok: read.gives_back */
}

const struct file_operations campion_fops = {
	.read = campion_read,
};

const struct file_operations campion_asking_fops = {
	.read = campion_ask,
};

const struct super_operations campion_sops = {
	.statfs = campion_statfs,
};
