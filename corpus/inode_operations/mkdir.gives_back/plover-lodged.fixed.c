// SPDX-License-Identifier: GPL-2.0-only
/// A walk of the function's own is begun in the new inode: that gives the inode to nobody, and a later failure keeps it.
// Kernel: 6.8
#include <linux/fs.h>

struct plover_walk {
	struct inode *dir;
	loff_t at;
};

static void plover_start(struct plover_walk *walk, struct inode *dir)
{
	walk->dir = dir;
	walk->at = 0;
}

static int plover_add(struct inode *dir, struct plover_walk *walk, umode_t mode)
{
	plover_start(walk, dir);
	walk->at += mode;
	return IS_DEADDIR(dir) ? -ENOENT : 0;
}

static int plover_mkdir(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct plover_walk walk;
	struct inode *inode;
	int err;

	inode = new_inode(dir->i_sb);
	if (!inode)
		return -ENOMEM;
	err = plover_add(inode, &walk, mode);
	if (err) {
		iput(inode);
		return err;
	}
	err = plover_add(dir, &walk, mode);
	if (err) {
		iput(inode);
		return err;
	}
	d_instantiate(dentry, inode);
	return 0;
}

const struct inode_operations plover_iops = {
	.mkdir = plover_mkdir,
};
