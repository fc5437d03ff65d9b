// SPDX-License-Identifier: GPL-2.0-only
/// The lock is taken where it was to be given back; nothing in the function gives it back at all.
// Fixable: no
// Source: our own, after a mutant of ->d_revalidate
#include <linux/dcache.h>
#include <linux/methods.h>
#include <linux/store.h>

struct mutex { int value; };
struct wigeon { struct mutex lock; int state; };

void mutex_lock(struct mutex *lock);
void mutex_unlock(struct mutex *lock);
int wigeon_statfs(struct dentry *dentry, struct kstatfs *buf);

static long wigeon_read(struct file *file, char *buf, size_t len, loff_t *pos)
{
	struct wigeon *own = file->f_inode->i_private;

	mutex_lock(&own->lock);
	own->state = 1;
	mutex_lock(&own->lock);	/* violates: read.gives_back moderate */
	return 0;	/* ok: read.gives_back */
}

const struct file_operations wigeon_fops = {
	.read = wigeon_read,
};

const struct super_operations wigeon_sops = {
	.statfs = wigeon_statfs,
};
