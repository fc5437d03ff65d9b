// SPDX-License-Identifier: GPL-2.0-only
/// The neighbours' label returns the error or what was read, and a failure goes one way there: it is the one to go to.
// Source: our own, after planted faults in ocfs2_file_llseek() and configfs_bin_write_iter()
#include <linux/dcache.h>
#include <linux/methods.h>
#include <linux/store.h>

struct mutex { int value; };
struct goldcrest { struct mutex lock; int state; };

void mutex_lock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
int goldcrest_statfs(struct dentry *dentry, struct kstatfs *buf);

static long goldcrest_part(struct goldcrest *own, struct inode *inode, size_t len)
{
	long done;

	mutex_lock(&own->lock);
	if (len > 64) {
		done = -EINVAL;
		goto out;
	}
	done = store_reserve(inode, len);
	if (done < 0)
		goto out;
	own->state = done;
out:
	mutex_unlock(&own->lock);
	return done ?: -EIO;
}

static long goldcrest_read(struct file *file, char *buf, size_t len, loff_t *pos)
{
	struct goldcrest *own = file->private_data;
	long found = goldcrest_part(own, file->f_inode, len);
	int err;

	mutex_lock(&own->lock);
	err = store_reserve(file->f_inode, 1);
	if (err < 0)
		goto out;
	err = store_reserve(file->f_inode, 2);
	if (err)
		goto out;
	found += own->state;
out:
	mutex_unlock(&own->lock);
	if (err)
		return err;
	return found;
}

const struct file_operations goldcrest_fops = {
	.read = goldcrest_read,
};

const struct super_operations goldcrest_sops = {
	.statfs = goldcrest_statfs,
};
