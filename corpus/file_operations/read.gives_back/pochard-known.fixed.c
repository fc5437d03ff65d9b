// SPDX-License-Identifier: GPL-2.0-only
/// A helper that nobody outside of its folder calls loses a lock; another one's caller gives it back by a wrapper.
#include <linux/dcache.h>
#include <linux/methods.h>
#include <linux/store.h>

struct mutex { int value; };
struct pochard { struct mutex lock; struct mutex gate; };

void mutex_lock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
int pochard_statfs(struct dentry *dentry, struct kstatfs *buf);
long pochard_count(struct inode *inode);
long pochard_free_blocks(struct pochard *own, struct inode *inode);
long pochard_opened(struct pochard *own, struct inode *inode);

long pochard_free_blocks(struct pochard *own, struct inode *inode)
{
	long n;

	mutex_lock(&own->lock);
	n = pochard_count(inode);
	mutex_unlock(&own->lock);
	return n;
}

long pochard_opened(struct pochard *own, struct inode *inode)
{
	mutex_lock(&own->gate);
	return pochard_count(inode);
}

static void pochard_shut(struct pochard *own)
{
	mutex_unlock(&own->gate);
}

static void pochard_close(struct pochard *own)
{
	pochard_shut(own);
}

static long pochard_read(struct file *file, char *buf, size_t len, loff_t *pos)
{
	struct pochard *own = file->private_data;
	long n = pochard_opened(own, file->f_inode);

	pochard_close(own);
	return n + pochard_free_blocks(own, file->f_inode);
}

const struct file_operations pochard_fops = {
	.read = pochard_read,
};

const struct super_operations pochard_sops = {
	.statfs = pochard_statfs,
};
