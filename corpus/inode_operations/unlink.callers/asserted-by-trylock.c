// SPDX-License-Identifier: GPL-2.0-only
/// Whoever gets the lock at the first attempt was called without it; that is an assertion and no lock of its own.
#include <linux/dcache.h>

int yarrow_remove(struct inode *dir, struct dentry *dentry)
{
	if (WARN_ON(inode_trylock(dir)))
		inode_unlock(dir);
	return dir->i_op->unlink(dir, dentry);	/* ok: unlink.callers */
}
