// SPDX-License-Identifier: GPL-2.0-only
/// A method takes its lock again and forgets it on every way: who calls it knows of no lock; the caller of a helper may.
// Fixable: no
#include <linux/dcache.h>
#include <linux/methods.h>
#include <linux/rwsem.h>
#include <linux/store.h>

struct gentian { struct rw_semaphore lock; };

int gentian_statfs(struct dentry *dentry, struct kstatfs *buf);
void gentian_settle(struct inode *inode);

static long gentian_read(struct file *file, char *buf, size_t len, loff_t *pos)
{
	struct gentian *own = file->private_data;

	down_read(&own->lock);
	if (store_full(file->f_inode)) {
		up_read(&own->lock);
		gentian_settle(file->f_inode);
		down_read(&own->lock);
	}
	if (store_sealed(file->f_inode))
		return -EIO;	/* violates: read.gives_back moderate */
	return 0;
}

static int gentian_again(struct gentian *own, struct inode *inode)
{
	down_read(&own->lock);
	if (store_full(inode)) {
		up_read(&own->lock);
		gentian_settle(inode);
		down_read(&own->lock);
	}
	return store_sealed(inode) ? -EIO : 0;	/* ok: read.gives_back */
}

static long gentian_later(struct file *file, char *buf, size_t len, loff_t *pos)
{
	struct gentian *own = file->private_data;
	int err = gentian_again(own, file->f_inode);

	up_read(&own->lock);
	return err;
}

const struct file_operations gentian_fops = {
	.read = gentian_read,
};

const struct file_operations gentian_later_fops = {
	.read = gentian_later,
};

const struct super_operations gentian_sops = {
	.statfs = gentian_statfs,
};
