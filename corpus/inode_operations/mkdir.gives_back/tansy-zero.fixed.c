// SPDX-License-Identifier: GPL-2.0-only
/// A helper says by `return 0;` that it did well, with the lock and without; one whose callers give it back hands it on.
// Kernel: 6.8
#include <linux/fs.h>
#include <linux/rwsem.h>

struct tansy_row { struct rw_semaphore lock; int empty, full; };

int tansy_cut(struct tansy_row *row);
int tansy_log(struct tansy_row *row);

static int tansy_truncate(struct tansy_row *row)
{
	int err;

	down_write(&row->lock);
	if (row->empty) {
		up_write(&row->lock);
		return 0;
	}
	err = tansy_cut(row);
	up_write(&row->lock);
	return err;
}

static int tansy_reserve(struct tansy_row *row)
{
	int err;

	down_write(&row->lock);
	if (row->full)
		return 0;
	err = tansy_cut(row);
	up_write(&row->lock);
	return err ? err : 1;
}

static int tansy_mkdir(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	return tansy_truncate(dir->i_private);
}

static int tansy_rmdir(struct inode *dir, struct dentry *dentry)
{
	struct tansy_row *row = dir->i_private;
	int err = tansy_reserve(row);

	if (err)
		return err < 0 ? err : 0;
	err = tansy_log(row);
	up_write(&row->lock);
	return err;
}

const struct inode_operations tansy_iops = {
	.mkdir = tansy_mkdir,
	.rmdir = tansy_rmdir,
};
