// SPDX-License-Identifier: GPL-2.0-only
/// The caller locks the directory and the victim that it has looked up.
#include <linux/dcache.h>

enum { I_MUTEX_PARENT = 1 };
void inode_lock_nested(struct inode *inode, unsigned int subclass);
int security_inode_unlink(struct inode *dir, struct dentry *victim);
struct dentry *lookup_one_len(const char *name, struct dentry *base, int length);
void dput(struct dentry *dentry);
int PTR_ERR_OR_ZERO(const void *pointer);

int yarrow_remove(struct inode *dir, struct dentry *victim)
{
	int err = security_inode_unlink(dir, victim);

	if (!err)
		err = dir->i_op->unlink(dir, victim);	/* ok: unlink.callers */
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
		inode_lock(d_inode(victim));
		err = yarrow_remove(d_inode(parent), victim);
		inode_unlock(d_inode(victim));
		dput(victim);
	}
	inode_unlock(d_inode(parent));
	return err;
}
