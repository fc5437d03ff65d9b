// SPDX-License-Identifier: GPL-2.0-only
/// One return with the lock is zero or more, and the ways that have given it back return zero, or more: nobody can tell.
#include <linux/dcache.h>
#include <linux/methods.h>
#include <linux/store.h>

struct mutex { int value; };
struct chiffchaff { struct mutex lock; int state; };

void mutex_lock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
int chiffchaff_statfs(struct dentry *dentry, struct kstatfs *buf);

static long chiffchaff_read(struct file *file, char *buf, size_t len, loff_t *pos)
{
	struct chiffchaff *own = file->f_inode->i_private;
	long done;

	mutex_lock(&own->lock);
	done = store_read(file->f_inode, 0, buf, len);
	if (done < 0)
		goto out;
	if (own->state)
		return done;	/* violates: read.gives_back moderate */
	done = store_read(file->f_inode, 1, buf, len);
	if (done <= 0) {
		if (done)
			own->state = 1;
		goto out;
	}
	own->state = 2;
out:
	mutex_unlock(&own->lock);
	return done;	/* ok: read.gives_back */
}

static int chiffchaff_iterate(struct file *file, void *context)
{
	struct chiffchaff *own = file->f_inode->i_private;

	mutex_unlock(&own->lock);
	return 0;
}

const struct file_operations chiffchaff_fops = {
	.read = chiffchaff_read,
	.iterate_shared = chiffchaff_iterate,
};

const struct super_operations chiffchaff_sops = {
	.statfs = chiffchaff_statfs,
};
