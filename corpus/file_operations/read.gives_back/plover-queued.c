// SPDX-License-Identifier: GPL-2.0-only
/// What says that the I/O is under way is no failure: the lock is to be given back there, and nothing that the I/O still needs.
#include <linux/dcache.h>
#include <linux/methods.h>
#include <linux/store.h>

#define EIOCBQUEUED 529

struct mutex { int value; };
struct plover { struct mutex lock; int gone; };
struct request { struct plover *own; };

void mutex_lock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
int plover_statfs(struct dentry *dentry, struct kstatfs *buf);
int plover_submit(struct request *asked);
struct request *plover_request(struct plover *own, size_t len);

static long plover_read(struct file *file, char *buf, size_t len, loff_t *pos)
{
	struct plover *own = file->f_inode->i_private;
	struct request *asked = plover_request(own, len);
	long err;

	asked->own = own;
	mutex_lock(&own->lock);
	err = -ENOENT;
	if (own->gone)
		goto fail;
	err = plover_submit(asked);
	if (err)
		goto fail;
	return -EIOCBQUEUED;	/* violates: read.gives_back moderate */

fail:
	mutex_unlock(&own->lock);
	kfree(asked);
	return err;	/* ok: read.gives_back */
}

const struct file_operations plover_fops = {
	.read = plover_read,
};

const struct super_operations plover_sops = {
	.statfs = plover_statfs,
};
