// SPDX-License-Identifier: GPL-2.0-only
/// The lock is dropped before the call instead of behind it.
// Fixable: no
#include <linux/dcache.h>

int clover_remove(struct inode *dir, struct dentry *dentry)
{
	inode_lock(dir);
	dentry->d_flags |= 1;
	inode_unlock(dir);
	return dir->i_op->unlink(dir, dentry);	/* violates: unlink.callers low */
}

int clover_remove_again(struct inode *dir, struct dentry *dentry)
{
	int err;

	inode_lock(dir);
	dentry->d_flags |= 1;
	inode_unlock(dir);
	inode_lock(dir);
	err = dir->i_op->unlink(dir, dentry);	/* ok: unlink.callers */
	inode_unlock(dir);
	return err;
}
