// SPDX-License-Identifier: GPL-2.0-only
/// The caller locks the directory and looks the victim up, whose own lock nobody takes.
// Fixable: no
#include <linux/namei.h>

int yarrow_remove(struct inode *dir, struct dentry *victim)
{
	int err = security_inode_unlink(dir, victim);

	if (!err)
		err = dir->i_op->unlink(dir, victim);	/* violates: unlink.callers low */
	return err;
}

int yarrow_forget(struct dentry *parent, const char *name, int length)
{
	struct dentry *victim;
	int err;

	inode_lock_nested(d_inode(parent), I_MUTEX_PARENT);
	victim = lookup_one_len(name, parent, length);
	err = PTR_ERR_OR_ZERO(victim);
	if (!err) {
		err = yarrow_remove(d_inode(parent), victim);
		dput(victim);
	}
	inode_unlock(d_inode(parent));
	return err;
}
