// SPDX-License-Identifier: GPL-2.0-only
/// The helper that finds the parent returns with it locked, and the server unlocks it behind the call.
// Kernel: 6.8
// Source: after the shape of the fixed 74d7970febf7 ("ksmbd: fix racy issue from using ->d_parent and ->d_name"), put before ->rename
#include <linux/fs.h>

static struct inode *furze_lock_parent(struct dentry *dentry)
{
	struct inode *dir = dentry->d_parent->d_inode;

	inode_lock(dir);
	if (dentry->d_inode)
		return dir;
	inode_unlock(dir);
	return NULL;
}

int furze_serve_rename(struct dentry *old, struct dentry *new)
{
	struct inode *dir = furze_lock_parent(old);
	int err;

	if (!dir)
		return -ECHILD;
	err = dir->i_op->rename(NULL, dir, old, dir, new, 0);	/* ok: rename.callers */
	inode_unlock(dir);
	return err;
}
