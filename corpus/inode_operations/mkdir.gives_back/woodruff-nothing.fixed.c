// SPDX-License-Identifier: GPL-2.0-only
/// The helper hands a new inode back, or NULL when it could not finish it: then the inode is nobody's.
// Kernel: 6.8
#include <linux/fs.h>

static struct inode *woodruff_inode(struct super_block *sb, umode_t mode)
{
	struct inode *inode = new_inode(sb);
	void *own;

	if (!inode)
		return NULL;
	own = kmalloc(64, GFP_KERNEL);
	if (!own) {
		iput(inode);
		return NULL;
	}
	inode->i_private = own;
	switch (mode & S_IFMT) {
	case S_IFDIR:
		inc_nlink(inode);
		break;
	default:
		iput(inode);
		return NULL;
	}
	return inode;
}

static int woodruff_mkdir(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct inode *inode = woodruff_inode(dir->i_sb, S_IFDIR | mode);

	if (!inode)
		return -ENOSPC;
	d_instantiate(dentry, inode);
	return 0;
}

const struct inode_operations woodruff_iops = {
	.mkdir = woodruff_mkdir,
};
