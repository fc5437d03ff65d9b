// SPDX-License-Identifier: GPL-2.0-only
/// A last call is given what the taking one was given: nobody tells the taking of a failure by that.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

struct lovage { int full; };

struct buffer_head *sb_bread(struct super_block *sb, int block);
void brelse(struct buffer_head *bh);
int lovage_settle(struct super_block *sb);
int lovage_for_device(struct fs_context *fc, int (*fill)(struct super_block *sb, struct fs_context *fc));

static int lovage_fill_super(struct super_block *sb, struct fs_context *fc)
{
	struct lovage *own = sb->s_fs_info;
	struct buffer_head *bh = sb_bread(sb, 0);

	if (!bh)
		return -EIO;	/* ok: get_tree.gives_back */
	if (own->full > 9) {
		brelse(bh);
		return -EINVAL;	/* ok: get_tree.gives_back */
	}
	if (own->full)
		return lovage_settle(sb);	/* violates: get_tree.gives_back moderate */
	brelse(bh);
	return 0;	/* ok: get_tree.gives_back */
}

static int lovage_get_tree(struct fs_context *fc)
{
	return lovage_for_device(fc, lovage_fill_super);
}

const struct fs_context_operations lovage_context_ops = {
	.get_tree = lovage_get_tree,
};
