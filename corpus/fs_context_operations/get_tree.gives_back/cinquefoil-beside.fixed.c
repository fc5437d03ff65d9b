// SPDX-License-Identifier: GPL-2.0-only
/// Another exit gives two things back; the second has been given back already, or never taken, where the first one is kept.
// Kernel: 6.8
#include <linux/fs.h>

struct cinquefoil { int blocks; };

struct buffer_head *sb_bread(struct super_block *sb, int block);
void brelse(struct buffer_head *bh);
int cinquefoil_read(struct buffer_head *bh);
int cinquefoil_for_device(struct fs_context *fc, int (*fill)(struct super_block *sb, struct fs_context *fc));

static int cinquefoil_fill_super(struct super_block *sb, struct fs_context *fc)
{
	struct cinquefoil *own = sb->s_fs_info;
	struct buffer_head *first, *bh;
	int err = -EINVAL, i;

	first = sb_bread(sb, 0);
	if (!first)
		return -EIO;
	bh = sb_bread(sb, own->blocks - 1);
	if (!bh)
		goto out;
	brelse(bh);
	bh = NULL;
	for (i = 0; i < own->blocks; i++) {
		brelse(bh);
		bh = sb_bread(sb, i);
		if (!bh)
			continue;
		if (cinquefoil_read(bh)) {
			brelse(bh);
			err = -EIO;
			goto out;
		}
	}
	brelse(bh);
	brelse(first);
	return 0;
out:
	brelse(first);
	return err;
}

static int cinquefoil_get_tree(struct fs_context *fc)
{
	return cinquefoil_for_device(fc, cinquefoil_fill_super);
}

const struct fs_context_operations cinquefoil_context_ops = {
	.get_tree = cinquefoil_get_tree,
};
