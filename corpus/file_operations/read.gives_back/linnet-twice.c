// SPDX-License-Identifier: GPL-2.0-only
/// An exit unlocks before it jumps to the label that does so, too; one that locks again in between may.
// Fixable: no
// Source: our own, after a mutant of a method with one label
#include <linux/dcache.h>
#include <linux/methods.h>
#include <linux/store.h>

struct mutex { int value; };
struct linnet { struct mutex lock; int state; };

void mutex_lock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
int linnet_statfs(struct dentry *dentry, struct kstatfs *buf);

static long linnet_read(struct file *file, char *buf, size_t len, loff_t *pos)
{
	struct linnet *own = file->f_inode->i_private;
	int err;

	mutex_lock(&own->lock);
	err = store_reserve(file->f_inode, len);
	if (err) {
		mutex_unlock(&own->lock);
		goto out;
	}
	if (own->state) {
		mutex_unlock(&own->lock);
		store_reserve(file->f_inode, 1);
		mutex_lock(&own->lock);
	}
	own->state = 1;
out:
	mutex_unlock(&own->lock);	/* violates: read.gives_back moderate */
	return err;	/* ok: read.gives_back */
}

const struct file_operations linnet_fops = {
	.read = linnet_read,
};

const struct super_operations linnet_sops = {
	.statfs = linnet_statfs,
};
