// SPDX-License-Identifier: GPL-2.0-only
/// Who finds nothing hands out nothing, and no caller could unlock what was looked at.
// Kernel: 6.8
#include <linux/fs.h>
#include <linux/locking.h>

struct betony_row { spinlock_t lock; bool there, shared; int users; };

struct betony_row *betony_search(struct inode *dir);
int betony_relock(struct inode *dir);

static struct betony_row *betony_find(struct inode *dir)
{
	struct betony_row *row = betony_search(dir);

	if (row) {
		spin_lock(&row->lock);
		if (!row->there) {
			spin_unlock(&row->lock);
			return NULL;
		}
		row->users++;
		spin_unlock(&row->lock);
	}
	return row;
}

static void betony_leaves(struct betony_row *row)
{
	row->users--;
	spin_unlock(&row->lock);
}

static struct dentry *betony_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	struct betony_row *row = betony_find(dir);

	if (row) {
		spin_lock(&row->lock);
		betony_leaves(row);
	}
	return NULL;
}

const struct inode_operations betony_iops = { .lookup = betony_lookup };
