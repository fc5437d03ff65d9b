// SPDX-License-Identifier: GPL-2.0-only
/// A helper that takes a lock on every way is called by who holds it; one that may know, or is given another, is not at fault.
// Fixable: no
#include <linux/dcache.h>
#include <linux/methods.h>
#include <linux/store.h>

struct mutex { int value; };
struct curlew { struct mutex lock; struct curlew *other; };

void mutex_lock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
int curlew_statfs(struct dentry *dentry, struct kstatfs *buf);

static struct mutex curlew_all;

static void curlew_note(struct curlew *bird)
{
	mutex_lock(&bird->lock);
	mutex_unlock(&bird->lock);
}

static void curlew_tell(struct curlew *bird) { curlew_note(bird); }

static void curlew_count(void) { mutex_lock(&curlew_all); mutex_unlock(&curlew_all); }

static void curlew_perhaps(struct curlew *bird, int locked)
{
	if (locked)
		return;
	mutex_lock(&bird->lock);
	mutex_unlock(&bird->lock);
}

static long curlew_read(struct file *file, char *buf, size_t len, loff_t *pos)
{
	struct curlew *own = file->private_data;

	mutex_lock(&own->lock);
	curlew_perhaps(own, 1);	/* ok: read.gives_back */
	curlew_tell(own->other);	/* ok: read.gives_back */
	curlew_count();
	if (len)
		curlew_tell(own);	/* violates: read.gives_back moderate */
	mutex_unlock(&own->lock);
	mutex_lock(&curlew_all);
	curlew_count();	/* violates: read.gives_back moderate */
	mutex_unlock(&curlew_all);
	return 0;	/* ok: read.gives_back */
}

const struct file_operations curlew_fops = {
	.read = curlew_read,
};

const struct super_operations curlew_sops = {
	.statfs = curlew_statfs,
};
