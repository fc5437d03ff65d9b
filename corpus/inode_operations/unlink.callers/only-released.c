// SPDX-License-Identifier: GPL-2.0-only
/// Other files may call the function, but who releases the lock behind the call must have taken it before.
// Fixable: no
#include <linux/dcache.h>

int sorrel_remove(struct inode *dir, struct dentry *dentry)
{
	int err;

	if (!dentry->d_inode)
		return 0;
	err = dir->i_op->unlink(dir, dentry);	/* violates: unlink.callers low */
	inode_unlock(dir);
	return err;
}
