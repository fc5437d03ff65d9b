// SPDX-License-Identifier: GPL-2.0-only
/// The number of an error is taken before anybody asks whether it is one: a way that finds it to be one fails with it.
// Kernel: 6.8
#include <linux/fs.h>

struct inode *ilookup(struct super_block *sb, unsigned long ino);
struct inode *sorrel_made(struct inode *dir);
int sorrel_again(struct inode *dir);

static int sorrel_pairs(struct inode *dir)
{
	struct inode *inode = ilookup(dir->i_sb, 2), *other;
	int err;

	if (!inode)
		return 0;
	other = sorrel_made(dir);
	err = PTR_ERR(other);
	if (IS_ERR(other)) {
		iput(inode);
		goto out;
	}
	err = 0;
	dir->i_private = other;
	iput(inode);
out:
	return err;
}

static int sorrel_parts(struct inode *dir)
{
	struct inode *inode = ilookup(dir->i_sb, 3), *other;
	int err;

	if (!inode)
		return 0;
	other = sorrel_made(dir);
	err = PTR_ERR(other);
	dir->i_private = inode;
	err = sorrel_again(dir);
	if (IS_ERR(other))
		return err;
	return 0;
}

static struct dentry *sorrel_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	return ERR_PTR(sorrel_pairs(dir) ?: sorrel_parts(dir));
}

const struct inode_operations sorrel_iops = { .lookup = sorrel_lookup };
