// SPDX-License-Identifier: GPL-2.0-only
/// An unlock is missing ahead of a call that takes the lock itself: behind it, it would never be come to.
// Source: our own, after a planted fault in nfs_access_get_cached_locked() of 6.12
#include <linux/dcache.h>
#include <linux/methods.h>
#include <linux/rwsem.h>
#include <linux/store.h>

struct wagtail { struct rw_semaphore lock; int entries; };

int wagtail_statfs(struct dentry *dentry, struct kstatfs *buf);

static void wagtail_zap(struct wagtail *own)
{
	down_write(&own->lock);
	own->entries = 0;
	up_write(&own->lock);
}

static long wagtail_read(struct file *file, char *buf, size_t len, loff_t *pos)
{
	struct wagtail *own = file->private_data;

	down_write(&own->lock);
	if (store_sealed(file->f_inode))
		goto zap;
	if (store_full(file->f_inode))
		goto zap;
	own->entries++;
	up_write(&own->lock);
	return 0;	/* ok: read.gives_back */
zap:
	wagtail_zap(own);
	return -ENOENT;	/* violates: read.gives_back */
}

const struct file_operations wagtail_fops = {
	.read = wagtail_read,
};

const struct super_operations wagtail_sops = {
	.statfs = wagtail_statfs,
};
