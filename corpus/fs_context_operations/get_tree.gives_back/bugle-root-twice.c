// SPDX-License-Identifier: GPL-2.0-only
/// d_make_root() has dropped the inode when it fails; a second iput() frees what others have.
// Kernel: 6.8
// Fixable: no
// Source: the shape of ntfs_fill_super() of 6.12
#include <linux/fs.h>

struct dentry *d_make_root(struct inode *inode);
int bugle_read_root(struct inode *inode);
int bugle_for_device(struct fs_context *fc, int (*fill)(struct super_block *sb, struct fs_context *fc));

static int bugle_fill_super(struct super_block *sb, struct fs_context *fc)
{
	struct inode *inode = new_inode(sb);
	int err;

	if (!inode)
		return -ENOMEM;	/* ok: get_tree.gives_back */
	err = bugle_read_root(inode);
	if (err)
		goto out;
	sb->s_root = d_make_root(inode);
	if (!sb->s_root) {
		err = -ENOMEM;
		goto out;
	}
	return 0;	/* ok: get_tree.gives_back */
out:
	iput(inode);	/* violates: get_tree.gives_back moderate */
	return err;	/* ok: get_tree.gives_back */
}

static int bugle_get_tree(struct fs_context *fc)
{
	return bugle_for_device(fc, bugle_fill_super);
}

const struct fs_context_operations bugle_context_ops = {
	.get_tree = bugle_get_tree,
};
