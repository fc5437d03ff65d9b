// SPDX-License-Identifier: GPL-2.0-only
/// A spare buffer is locked where there is one, and another test than that unlocks it.
#include <linux/dcache.h>
#include <linux/methods.h>
#include <linux/store.h>

struct mutex { int value; };
struct tormentil { struct mutex spare; void *kept; };

void mutex_lock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
void *tormentil_alloc(size_t len);
void tormentil_free(void *data);
int tormentil_statfs(struct dentry *dentry, struct kstatfs *buf);

static long tormentil_read(struct file *file, char *buf, size_t len, loff_t *pos)
{
	struct tormentil *own = file->private_data;
	void *data = own->kept;
	long done;

	if (data)
		mutex_lock(&own->spare);
	else
		data = tormentil_alloc(len);
	if (!data)
		return -ENOMEM;	/* ok: read.gives_back */
	done = store_read(file->f_inode, 0, data, len);
	if (data == own->kept)
		mutex_unlock(&own->spare);
	else
		tormentil_free(data);
	return done;	/* ok: read.gives_back */
}

const struct file_operations tormentil_fops = {
	.read = tormentil_read,
};

const struct super_operations tormentil_sops = {
	.statfs = tormentil_statfs,
};
