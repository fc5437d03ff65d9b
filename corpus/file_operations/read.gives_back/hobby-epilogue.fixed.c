// SPDX-License-Identifier: GPL-2.0-only
/// All that have the lock end behind one label, which gives back what a test decides on and tells of the time: so does one more.
#include <linux/dcache.h>
#include <linux/methods.h>
#include <linux/store.h>

struct mutex { int value; };
struct hobby { struct mutex lock, pause; int frozen; };

void mutex_lock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
int hobby_statfs(struct dentry *dentry, struct kstatfs *buf);
int hobby_settle(struct hobby *own);
void hobby_note_time(struct hobby *own);

static long hobby_read(struct file *file, char *buf, size_t len, loff_t *pos)
{
	struct hobby *own = file->f_inode->i_private;
	bool still = own->frozen;
	long done;

	mutex_lock(&own->lock);
	if (still) {
		mutex_lock(&own->pause);
		done = hobby_settle(own);
		if (done)
			goto out;
	}
	if (len > 1) {
		done = store_read(file->f_inode, 0, buf, len);
		if (done < 0)
			goto out;
	}
	done = store_read(file->f_inode, 1, buf, len);
	if (done < 0)
		goto out;
	done = store_read(file->f_inode, 2, buf, len);
out:
	if (still)
		mutex_unlock(&own->pause);
	mutex_unlock(&own->lock);
	hobby_note_time(own);
	return done;
}

const struct file_operations hobby_fops = {
	.read = hobby_read,
};

const struct super_operations hobby_sops = {
	.statfs = hobby_statfs,
};
