// SPDX-License-Identifier: GPL-2.0-only
/// A helper gives a lock back by a value that it is handed: who hands in another one keeps it; who asks for the same does not.
// Fixable: no
#include <linux/dcache.h>
#include <linux/methods.h>
#include <linux/store.h>

struct mutex { int value; };
struct curlew_beak { struct mutex lock; int used; };

void mutex_lock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
int curlew_open(struct curlew_beak *own);
int beak_statfs(struct dentry *dentry, struct kstatfs *buf);

static void beak_done(struct mutex *lock, int err)
{
	if (err)
		mutex_unlock(lock);
}

static void beak_all_done(struct mutex *lock, int err) { beak_done(lock, err); }

static long beak_read(struct file *file, char *buf, size_t len, loff_t *pos)
{
	struct curlew_beak *own = file->private_data;
	int err;

	mutex_lock(&own->lock);
	err = curlew_open(own);
	beak_all_done(&own->lock, err);
	return err;	/* violates: read.gives_back moderate */
}

static int beak_iterate(struct file *file, void *context)
{
	struct curlew_beak *own = file->private_data;
	int err;

	mutex_lock(&own->lock);
	err = curlew_open(own);
	beak_done(&own->lock, err);
	if (!err)
		mutex_unlock(&own->lock);
	return err;	/* ok: iterate_shared.gives_back */
}

const struct file_operations curlew_beak_fops = {
	.read = beak_read,
	.iterate_shared = beak_iterate,
};

const struct super_operations curlew_beak_sops = { .statfs = beak_statfs };
