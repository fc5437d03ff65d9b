// SPDX-License-Identifier: GPL-2.0-only
/// The buffer head of the super block is put into a structure that every failure throws away; one exit forgets the buffer head.
// Kernel: 6.8
#include <linux/fs.h>

struct speedwell_sb { struct buffer_head *first; };

struct buffer_head *sb_bread(struct super_block *sb, int block);
void brelse(struct buffer_head *bh);
int sb_set_blocksize(struct super_block *sb, int size);
void *kzalloc(unsigned long size, int flags);
int speedwell_good(struct buffer_head *bh);
int speedwell_for_device(struct fs_context *fc, int (*fill)(struct super_block *sb, struct fs_context *fc));
int speedwell_statfs(struct dentry *dentry, struct kstatfs *buf);

static int speedwell_fill_super(struct super_block *sb, struct fs_context *fc)
{
	struct speedwell_sb *own = kzalloc(sizeof(*own), 0);
	struct buffer_head *bh;
	int err = -EINVAL;

	if (!own)
		return -ENOMEM;
	sb->s_fs_info = own;
	bh = sb_bread(sb, 1);
	if (!bh)
		goto none;
	own->first = bh;
	if (!sb_set_blocksize(sb, 1024))
		goto none;
	if (speedwell_good(bh) < 0)
		goto drop;
	return 0;	/* ok: get_tree.gives_back */
drop:
	brelse(bh);
none:
	kfree(own);
	return err;	/* violates: get_tree.gives_back moderate */
}

static int speedwell_get_tree(struct fs_context *fc)
{
	return speedwell_for_device(fc, speedwell_fill_super);
}

const struct fs_context_operations speedwell_context_ops = {
	.get_tree = speedwell_get_tree,
};
