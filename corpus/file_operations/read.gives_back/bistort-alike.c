// SPDX-License-Identifier: GPL-2.0-only
/// A helper fails with the lock as it does without it: its caller cannot know; with an error of its own it may.
// Fixable: no
#include <linux/dcache.h>
#include <linux/methods.h>
#include <linux/rwsem.h>
#include <linux/store.h>

struct bistort { struct rw_semaphore lock; };

int bistort_statfs(struct dentry *dentry, struct kstatfs *buf);
void bistort_settle(struct inode *inode);

static int bistort_begin(struct bistort *own, struct inode *inode)
{
	if (store_sealed(inode))
		return -EROFS;	/* ok: read.gives_back */
	down_read(&own->lock);
	if (!store_full(inode))
		return 0;	/* ok: read.gives_back */
	up_read(&own->lock);
	bistort_settle(inode);
	down_read(&own->lock);
	if (store_full(inode))
		return -EROFS;	/* violates: read.gives_back moderate */
	return 0;	/* ok: read.gives_back */
}

static int bistort_enter(struct bistort *own, struct inode *inode)
{
	if (store_sealed(inode))
		return -EROFS;	/* ok: read.gives_back */
	down_read(&own->lock);
	if (store_full(inode)) {
		up_read(&own->lock);
		down_read(&own->lock);
	}
	if (store_full(inode))
		return -ENOSPC;	/* ok: read.gives_back */
	return 0;	/* ok: read.gives_back */
}

static long bistort_read(struct file *file, char *buf, size_t len, loff_t *pos)
{
	struct bistort *own = file->private_data;
	int err = len ? bistort_begin(own, file->f_inode) : bistort_enter(own, file->f_inode);

	if (err != -EROFS)
		up_read(&own->lock);
	return err;
}

const struct file_operations bistort_fops = {
	.read = bistort_read,
};

const struct super_operations bistort_sops = {
	.statfs = bistort_statfs,
};
