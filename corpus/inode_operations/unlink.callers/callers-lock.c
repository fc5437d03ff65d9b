// SPDX-License-Identifier: GPL-2.0-only
/// The only caller locks the directory before it calls the function.
#include <linux/dcache.h>

static int mallow_remove(struct inode *dir, struct dentry *dentry)
{
	return dir->i_op->unlink(dir, dentry);	/* ok: unlink.callers */
}

int mallow_forget(struct inode *dir, struct dentry *dentry)
{
	int err;

	inode_lock(dir);
	err = mallow_remove(dir, dentry);
	inode_unlock(dir);
	return err;
}
