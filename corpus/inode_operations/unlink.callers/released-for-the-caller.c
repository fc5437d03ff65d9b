// SPDX-License-Identifier: GPL-2.0-only
/// A part of a function that takes the lock; it releases it, and calls the method of another object before a release of its own.
#include <linux/dcache.h>

static int teasel_finish(struct inode *dir, struct dentry *dentry)
{
	int err = dir->i_op->unlink(dir, dentry);	/* ok: unlink.callers */

	inode_unlock(dir);
	return err;
}

int teasel_remove(struct inode *dir, struct dentry *dentry)
{
	inode_lock(dir);
	return teasel_finish(dir, dentry);
}

int teasel_count(struct inode *dir, struct dentry *dentry, struct inode *log, struct inode *index)
{
	int err;

	inode_lock(dir);
	inode_lock(log);
	inode_lock(index);
	inode_unlock(log);
	err = dir->i_op->unlink(dir, dentry);	/* ok: unlink.callers */
	inode_unlock(index);
	inode_unlock(dir);
	return err;
}
