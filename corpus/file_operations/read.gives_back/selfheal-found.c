// SPDX-License-Identifier: GPL-2.0-only
/// The first that is free stays locked behind the loop, under another name; the one that is asked for afterwards is forgotten.
// Source: the shape of orangefs_devreq_read() of 7.3, with a slip of its own
#include <linux/dcache.h>
#include <linux/methods.h>
#include <linux/store.h>

struct selfheal_op { struct selfheal_op *next; spinlock_t lock; int state; };
int selfheal_statfs(struct dentry *dentry, struct kstatfs *buf);

static long selfheal_read(struct file *file, char *buf, size_t len, loff_t *pos)
{
	struct selfheal_op *own = file->private_data, *op, *found = NULL;

	for (op = own->next; op; op = op->next) {
		spin_lock(&op->lock);
		if (op->state == 1) {
			spin_unlock(&op->lock);
			continue;
		}
		found = op;
		break;
	}
	if (!found)
		return -EIO;	/* ok: read.gives_back */
	found->state = 1;
	spin_unlock(&found->lock);
	spin_lock(&found->lock);
	found->state = 2;
	spin_unlock(&found->lock);
	spin_lock(&own->lock);
	if (own->state)
		return -EIO;	/* violates: read.gives_back */
	spin_unlock(&own->lock);
	return 0;	/* ok: read.gives_back */
}

const struct file_operations selfheal_fops = {
	.read = selfheal_read,
};

const struct super_operations selfheal_sops = {
	.statfs = selfheal_statfs,
};
