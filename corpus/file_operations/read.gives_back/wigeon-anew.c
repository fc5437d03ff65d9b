// SPDX-License-Identifier: GPL-2.0-only
/// The one label that gives the lock back takes it first, unless a flag that no way here has set says otherwise.
// Fixable: no
// Source: our own, after a mutant of ->lock
#include <linux/dcache.h>
#include <linux/methods.h>
#include <linux/store.h>

struct mutex { int value; };
struct wigeon { struct mutex lock; int state, own; };

void mutex_lock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
int wigeon_statfs(struct dentry *dentry, struct kstatfs *buf);
int wigeon_settle(struct wigeon *own);

static long wigeon_read(struct file *file, char *buf, size_t len, loff_t *pos)
{
	struct wigeon *own = file->f_inode->i_private;
	bool none = false;
	long done = -ENOENT;

	if (len > 1) {
		none = true;
		goto settle;
	}
	mutex_lock(&own->lock);
	if (own->own)
		goto error;
	own->state = 1;
	mutex_unlock(&own->lock);
settle:
	done = wigeon_settle(own);
	if (done < 0)
		goto rejected;
	return 0;	/* ok: read.gives_back */

rejected:
	if (none)
		goto error;
	mutex_lock(&own->lock);
	own->state = 0;
	mutex_unlock(&own->lock);
error:
	return done;	/* violates: read.gives_back */
}

const struct file_operations wigeon_fops = {
	.read = wigeon_read,
};

const struct super_operations wigeon_sops = {
	.statfs = wigeon_statfs,
};
