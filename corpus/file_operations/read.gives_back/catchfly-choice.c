// SPDX-License-Identifier: GPL-2.0-only
/// The last return chooses between an error and success, and the lock is kept on both; the pointer was told to others before.
// Fixable: no
#include <linux/dcache.h>
#include <linux/methods.h>
#include <linux/store.h>

struct mutex { int value; };
struct catchfly { struct mutex lock; struct catchfly *next; };

void mutex_lock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
int catchfly_statfs(struct dentry *dentry, struct kstatfs *buf);

static long catchfly_read(struct file *file, char *buf, size_t len, loff_t *pos)
{
	struct catchfly *own = file->f_inode->i_private;
	int err;

	file->private_data = own;
	mutex_lock(&own->lock);
	if (!own->next) {
		mutex_unlock(&own->lock);
		return 0;	/* ok: read.gives_back */
	}
	err = store_reserve(file->f_inode, len);
	return err ? -EIO : 0;	/* violates: read.gives_back */
}

const struct file_operations catchfly_fops = {
	.read = catchfly_read,
};

const struct super_operations catchfly_sops = {
	.statfs = catchfly_statfs,
};
