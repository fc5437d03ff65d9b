// SPDX-License-Identifier: GPL-2.0-only
/// What stands in a walk of the function's own is given back by its end, or was put where others find it as well.
// Kernel: 6.8
#include <linux/fs.h>

struct lapwing_walk {
	struct inode *dir;
};

static struct inode *lapwing_last;

static int lapwing_begin(struct lapwing_walk *walk, struct inode *dir)
{
	walk->dir = dir;
	return IS_DEADDIR(dir) ? -ENOENT : 0;
}

static int lapwing_show(struct lapwing_walk *walk, struct inode *dir)
{
	walk->dir = dir;
	lapwing_last = dir;
	return IS_DEADDIR(dir) ? -ENOENT : 0;
}

static void lapwing_end(struct lapwing_walk *walk)
{
	struct inode *dir = walk->dir;

	iput(dir);
}

static int lapwing_mkdir(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct lapwing_walk walk, shown;
	struct inode *inode, *other;
	int err;

	inode = new_inode(dir->i_sb);
	if (!inode)
		return -ENOMEM;		/* ok: mkdir.gives_back */
	err = lapwing_begin(&walk, inode);
	if (err) {
		iput(inode);
		return err;		/* ok: mkdir.gives_back */
	}
	lapwing_end(&walk);
	other = new_inode(dir->i_sb);
	if (!other)
		return -ENOMEM;		/* ok: mkdir.gives_back */
	if (lapwing_show(&shown, other) < 0)
		iput(other);
	else if (IS_DEADDIR(dir))
		return -ENOENT;		/* ok: mkdir.gives_back */
	return 0;			/* ok: mkdir.gives_back */
}

const struct inode_operations lapwing_iops = {
	.mkdir = lapwing_mkdir,
};
