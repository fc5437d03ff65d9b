// SPDX-License-Identifier: GPL-2.0-only
/// Two locks are kept to one return: one patch gives back both, what was taken last first, and at another return the one.
#include <linux/dcache.h>
#include <linux/methods.h>
#include <linux/store.h>

struct mutex { int value; };
struct scabious { struct mutex outer; struct mutex inner; };

void mutex_lock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
int scabious_statfs(struct dentry *dentry, struct kstatfs *buf);

static long scabious_read(struct file *file, char *buf, size_t len, loff_t *pos)
{
	struct scabious *own = file->private_data;

	mutex_lock(&own->outer);
	mutex_lock(&own->inner);
	if (store_sealed(file->f_inode)) {
		mutex_unlock(&own->inner);
		mutex_unlock(&own->outer);
		return -EROFS;
	}
	if (store_full(file->f_inode))
		goto out;
	mutex_unlock(&own->inner);
	if (len == 0) {
		mutex_unlock(&own->outer);
		return -EINVAL;
	}
	mutex_unlock(&own->outer);
	return 0;
out:
	mutex_unlock(&own->inner);
	mutex_unlock(&own->outer);
	return -EIO;
}

const struct file_operations scabious_fops = {
	.read = scabious_read,
};
const struct super_operations scabious_sops = {
	.statfs = scabious_statfs,
};
