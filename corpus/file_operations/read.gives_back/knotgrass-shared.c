// SPDX-License-Identifier: GPL-2.0-only
/// Who has the shared array has its lock, too: the variable is set to that array where the lock is taken, and compared with it
/// where it is released. Where it is compared with the other array, the lock is kept.
// Fixable: no
#include <linux/dcache.h>
#include <linux/methods.h>
#include <linux/store.h>

struct mutex { int value; };

void mutex_lock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
int knotgrass_statfs(struct dentry *dentry, struct kstatfs *buf);

static struct mutex shared_lock;
static int *shared;
static int *other;

static long knotgrass_read(struct file *file, char *buf, size_t len, loff_t *pos)
{
	int *room = other;
	int err;

	if (len > 8) {
		mutex_lock(&shared_lock);
		room = shared;
	}
	err = store_reserve(file->f_inode, len);
	if (room == shared)
		mutex_unlock(&shared_lock);
	return err;	/* ok: read.gives_back */
}

static long knotgrass_read_more(struct file *file, char *buf, size_t len, loff_t *pos)
{
	int *room = other;
	int err;

	if (len > 8) {
		mutex_lock(&shared_lock);
		room = shared;
	}
	err = store_reserve(file->f_inode, len);
	if (room != shared)
		mutex_unlock(&shared_lock);
	return err;	/* violates: read.gives_back */
}

const struct file_operations knotgrass_fops = {
	.read = knotgrass_read,
};

const struct file_operations knotgrass_more_fops = {
	.read = knotgrass_read_more,
};

const struct super_operations knotgrass_sops = {
	.statfs = knotgrass_statfs,
};
