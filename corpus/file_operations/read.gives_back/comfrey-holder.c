// SPDX-License-Identifier: GPL-2.0-only
/// A helper is given the lock in a structure and releases it sometimes; one that always does leaves nothing held.
// Fixable: no
#include <linux/dcache.h>
#include <linux/methods.h>
#include <linux/rwsem.h>
#include <linux/store.h>

struct comfrey { struct rw_semaphore lock; };
struct comfrey_work { struct rw_semaphore *at; struct inode *inode; };

int comfrey_statfs(struct dentry *dentry, struct kstatfs *buf);

static void comfrey_done(struct comfrey_work *work)
{
	if (store_sealed(work->inode))
		up_read(work->at);
}

static void comfrey_end(struct comfrey_work *work)
{
	up_read(work->at);
}

static long comfrey_read(struct file *file, char *buf, size_t len, loff_t *pos)
{
	struct comfrey *own = file->private_data;
	struct comfrey_work work = { .at = &own->lock, .inode = file->f_inode };

	down_read(&own->lock);
	if (store_full(file->f_inode)) {
		comfrey_end(&work);
		return -ENOSPC;	/* ok: read.gives_back */
	}
	if (len) {
		comfrey_done(&work);
		return -EINVAL;	/* violates: read.gives_back moderate */
	}
	up_read(&own->lock);
	return 0;
}

const struct file_operations comfrey_fops = {
	.read = comfrey_read,
};

const struct super_operations comfrey_sops = {
	.statfs = comfrey_statfs,
};
