// SPDX-License-Identifier: GPL-2.0-only
/// A spinlock is kept behind a put of what was there before it: the lock goes first, as the put may free.
// Source: our own, after a planted fault in configfs_lookup() of 7.3
#include <linux/dcache.h>
#include <linux/methods.h>
#include <linux/store.h>

struct whinchat { struct whinchat *next; spinlock_t lock; int state; };

void whinchat_put(struct whinchat *one);
struct whinchat *whinchat_get(struct whinchat *own);
int whinchat_statfs(struct dentry *dentry, struct kstatfs *buf);

static long whinchat_read(struct file *file, char *buf, size_t len, loff_t *pos)
{
	struct whinchat *own = file->private_data, *one = whinchat_get(own);
	int err = store_reserve(file->f_inode, len);

	spin_lock(&own->lock);
	if (err) {
		own->state = 0;
		whinchat_put(one);
		return err;	/* violates: read.gives_back */
	}
	own->next = one;
	spin_unlock(&own->lock);
	return 0;	/* ok: read.gives_back */
}

const struct file_operations whinchat_fops = {
	.read = whinchat_read,
};

const struct super_operations whinchat_sops = {
	.statfs = whinchat_statfs,
};
