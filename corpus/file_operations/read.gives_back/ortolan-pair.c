// SPDX-License-Identifier: GPL-2.0-only
/// One helper takes two locks and another gives both back: that is called once before the return that keeps them.
#include <linux/dcache.h>
#include <linux/methods.h>
#include <linux/store.h>

struct mutex { int value; };
struct ortolan { struct mutex lock; int state; struct inode *twin; };

void mutex_lock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
int ortolan_statfs(struct dentry *dentry, struct kstatfs *buf);
static struct ortolan *ORTOLAN(struct inode *inode)
{
	return inode->i_private;
}

static void ortolan_lock_both(struct inode *one, struct inode *two)
{
	mutex_lock(&ORTOLAN(one)->lock);
	mutex_lock(&ORTOLAN(two)->lock);
}

static void ortolan_unlock_both(struct inode *one, struct inode *two)
{
	mutex_unlock(&ORTOLAN(two)->lock);
	mutex_unlock(&ORTOLAN(one)->lock);
}

static long ortolan_read(struct file *file, char *buf, size_t len, loff_t *pos)
{
	struct inode *inode = file->f_inode;
	struct inode *twin = ORTOLAN(inode)->twin;
	long done;

	ortolan_lock_both(inode, twin);
	done = store_read(inode, 0, buf, len);
	if (done < 0) {
		ortolan_unlock_both(inode, twin);
		return done;	/* ok: read.gives_back */
	}
	if (store_read(twin, 0, buf, len) < 0)
		return -EIO;	/* violates: read.gives_back, read.gives_back */
	ortolan_unlock_both(inode, twin);
	return done;	/* ok: read.gives_back */
}

const struct file_operations ortolan_fops = {
	.read = ortolan_read,
};

const struct super_operations ortolan_sops = {
	.statfs = ortolan_statfs,
};
