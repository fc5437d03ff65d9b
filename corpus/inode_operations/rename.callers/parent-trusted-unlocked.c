// SPDX-License-Identifier: GPL-2.0-only
/// A server trusts the parent that it found, unlocks it, and renames below it.
// Kernel: 6.8
// Fixable: no
// Source: after the shape of 74d7970febf7 ("ksmbd: fix racy issue from using ->d_parent and ->d_name"), put before ->rename
#include <linux/fs.h>

static struct inode *broom_find(struct dentry *dentry)
{
	struct inode *dir = dentry->d_parent->d_inode;

	inode_lock(dir);
	if (!dentry->d_inode)
		dir->i_size++;
	inode_unlock(dir);
	return dir;
}

static int broom_rename_below(struct dentry *old, struct dentry *new)
{
	struct inode *dir = broom_find(old);
	int err = -EINVAL;

	if (dir->i_op->rename)
		err = dir->i_op->rename(NULL, dir, old, dir, new, 0);	/* violates: rename.callers low */
	return err;
}

static int broom_link(struct dentry *old, struct inode *dir, struct dentry *new)
{
	return broom_rename_below(old, new);
}

const struct inode_operations broom_iops = {
	.link = broom_link,
};
