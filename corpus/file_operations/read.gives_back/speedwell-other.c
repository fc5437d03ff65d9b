// SPDX-License-Identifier: GPL-2.0-only
/// A lock that has an address of its own is no member of what a helper is given: it cannot be the caller's.
// Fixable: no
#include <linux/dcache.h>
#include <linux/methods.h>
#include <linux/rwsem.h>
#include <linux/store.h>

struct speedwell { struct rw_semaphore lock; int users; };

static struct rw_semaphore speedwell_all;

int speedwell_statfs(struct dentry *dentry, struct kstatfs *buf);
void speedwell_settle(struct inode *inode);

static void speedwell_last(struct speedwell *own)
{
	down_write(&speedwell_all);
	own->users = 0;
	up_write(&speedwell_all);
}

static void speedwell_drop(struct speedwell *own)
{
	down_write(&speedwell_all);
	own->users--;
	up_write(&speedwell_all);
	speedwell_last(own);
}

static void speedwell_put(struct speedwell *own)
{
	speedwell_drop(own);
}

static long speedwell_read(struct file *file, char *buf, size_t len, loff_t *pos)
{
	struct speedwell *own = file->private_data;

	down_write(&own->lock);
	if (store_full(file->f_inode)) {
		if (len)
			own->users++;
		speedwell_settle(file->f_inode);
	} else {
		up_write(&own->lock);
	}
	speedwell_put(own);
	return 0;	/* violates: read.gives_back moderate */
}

const struct file_operations speedwell_fops = {
	.read = speedwell_read,
};

const struct super_operations speedwell_sops = {
	.statfs = speedwell_statfs,
};
