// SPDX-License-Identifier: GPL-2.0-only
/// A helper that fails gives the lock back, and where it does not another method does so later, by a helper of its own.
#include <linux/dcache.h>
#include <linux/methods.h>
#include <linux/store.h>

struct mutex { int value; };
struct bindweed { int full, used; };

void mutex_lock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
int bindweed_statfs(struct dentry *dentry, struct kstatfs *buf);

static struct mutex bindweed_lock;

static int bindweed_begin(struct bindweed *own)
{
	mutex_lock(&bindweed_lock);
	if (own->full) {
		mutex_unlock(&bindweed_lock);
		return -ENOSPC;	/* ok: read.gives_back */
	}
	own->used++;
	return 0;	/* ok: read.gives_back */
}

static void bindweed_end(struct bindweed *own)
{
	own->used--;
	mutex_unlock(&bindweed_lock);
}

static long bindweed_read(struct file *file, char *buf, size_t len, loff_t *pos)
{
	return bindweed_begin(file->f_inode->i_private);	/* ok: read.gives_back */
}

static int bindweed_iterate_shared(struct file *file, void *context)
{
	bindweed_end(file->f_inode->i_private);
	return 0;
}

const struct file_operations bindweed_fops = {
	.read = bindweed_read,
	.iterate_shared = bindweed_iterate_shared,
};

const struct super_operations bindweed_sops = {
	.statfs = bindweed_statfs,
};
