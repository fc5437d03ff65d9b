// SPDX-License-Identifier: GPL-2.0-only
/// The exit that gives the buffer head back clears its place: what others leave there its owner may give back.
// Kernel: 6.8
#include <linux/fs.h>

struct avens_sb { struct buffer_head *boot; int blocks; };

struct buffer_head *sb_bread(struct super_block *sb, int block);
void brelse(struct buffer_head *bh);
int avens_for_device(struct fs_context *fc, int (*fill)(struct super_block *sb, struct fs_context *fc));

static void avens_kill(struct super_block *sb)
{
	struct avens_sb *own = sb->s_fs_info;

	brelse(own->boot);
}

static int avens_fill_super(struct super_block *sb, struct fs_context *fc)
{
	struct avens_sb *own = sb->s_fs_info;

	own->boot = sb_bread(sb, 0);
	if (!own->boot)
		return -EIO;	/* ok: get_tree.gives_back */
	if (own->blocks < 2)
		return -EINVAL;	/* ok: get_tree.gives_back */
	if (own->blocks > 9) {
		brelse(own->boot);
		own->boot = NULL;
		return -ENOMEM;	/* ok: get_tree.gives_back */
	}
	return 0;	/* ok: get_tree.gives_back */
}

static int avens_get_tree(struct fs_context *fc)
{
	return avens_for_device(fc, avens_fill_super);
}

const struct fs_context_operations avens_context_ops = {
	.get_tree = avens_get_tree,
};
const struct super_operations avens_super_ops = {
	.put_super = avens_kill,
};
