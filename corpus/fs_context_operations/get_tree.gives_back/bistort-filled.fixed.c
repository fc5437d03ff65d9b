// SPDX-License-Identifier: GPL-2.0-only
/// The root is kept when the rest of the mount fails, by a function that is handed on to be called for a new superblock.
// Kernel: 6.8
// Source: the shape of ocfs2_fill_super() of 7.3
#include <linux/fs.h>

struct bistort_sb { struct inode *first; };

struct inode *igrab(struct inode *inode);
struct dentry *d_make_root(struct inode *inode);
int bistort_start(struct bistort_sb *own);
void bistort_stop(struct bistort_sb *own);
int bistort_for_device(struct fs_context *fc, int (*fill)(struct super_block *sb, struct fs_context *fc));
int bistort_statfs(struct dentry *dentry, struct kstatfs *buf);

static int bistort_fill_super(struct super_block *sb, struct fs_context *fc)
{
	struct bistort_sb *own = sb->s_fs_info;
	struct inode *inode = igrab(own->first);
	int err;

	if (!inode)
		return -EIO;
	err = bistort_start(own);
	if (err)
		goto stop;
	sb->s_root = d_make_root(inode);
	if (!sb->s_root) {
		bistort_stop(own);
		return -ENOMEM;
	}
	return 0;
stop:
	bistort_stop(own);
	iput(inode);
	return err;
}

static int bistort_get_tree(struct fs_context *fc)
{
	return bistort_for_device(fc, bistort_fill_super);
}

const struct fs_context_operations bistort_context_ops = {
	.get_tree = bistort_get_tree,
};
