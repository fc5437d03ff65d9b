// SPDX-License-Identifier: GPL-2.0-only
/// A buffer head stands in the superblock's own info, whose owner gives it back; where the mount fails, two exits do, and one does not.
// Kernel: 6.8
// Fixable: no
// Source: the shape of exfat_fill_super() of 6.12
#include <linux/fs.h>

struct sanicle_sb { struct buffer_head *boot; int blocks; };

struct buffer_head *sb_bread(struct super_block *sb, int block);
void brelse(struct buffer_head *bh);
int sanicle_for_device(struct fs_context *fc, int (*fill)(struct super_block *sb, struct fs_context *fc));

static int sanicle_count(struct super_block *sb)
{
	struct sanicle_sb *own = sb->s_fs_info;

	return own->blocks < 2 ? -EINVAL : 0;
}

static void sanicle_put_super(struct super_block *sb)
{
	struct sanicle_sb *own = sb->s_fs_info;

	brelse(own->boot);
}

static int sanicle_fill_super(struct super_block *sb, struct fs_context *fc)
{
	struct sanicle_sb *own = sb->s_fs_info;
	int err;

	own->boot = sb_bread(sb, 0);
	if (!own->boot)
		return -EIO;	/* ok: get_tree.gives_back */
	err = sanicle_count(sb);
	if (err)
		return err;	/* violates: get_tree.gives_back moderate */
	if (!own->blocks) {
		brelse(own->boot);
		return -ENOMEM;	/* ok: get_tree.gives_back */
	}
	return 0;	/* ok: get_tree.gives_back */
}

static int sanicle_get_tree(struct fs_context *fc)
{
	return sanicle_for_device(fc, sanicle_fill_super);
}

const struct fs_context_operations sanicle_context_ops = {
	.get_tree = sanicle_get_tree,
};
const struct super_operations sanicle_super_ops = {
	.put_super = sanicle_put_super,
};
