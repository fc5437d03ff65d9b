// SPDX-License-Identifier: GPL-2.0-only
/// A method that may sleep is called while nobody may, and after it.
// Fixable: no
#include <linux/dcache.h>

static int tansy_remove(struct inode *dir, struct dentry *dentry)
{
	int err;

	inode_lock(dir);
	preempt_disable();
	err = dir->i_op->unlink(dir, dentry);	/* violates: unlink.callers low */
	preempt_enable();
	inode_unlock(dir);
	return err;
}

static int tansy_remove_later(struct inode *dir, struct dentry *dentry)
{
	int err;

	inode_lock(dir);
	preempt_disable();
	dentry->d_flags |= 1;
	preempt_enable();
	err = dir->i_op->unlink(dir, dentry);	/* ok: unlink.callers */
	inode_unlock(dir);
	return err;
}

int tansy_forget(struct inode *dir, struct dentry *dentry)
{
	return dentry->d_inode ? tansy_remove(dir, dentry) : tansy_remove_later(dir, dentry);
}
