// SPDX-License-Identifier: GPL-2.0-only
/// The one way that does not give a block back is that of success; where the block goes on in a copy, nothing is forgotten.
// Kernel: 6.8
// Source: the shape of zisofs_fill_pages() of 5.10
#include <linux/fs.h>

struct buffer_head {
	unsigned char *b_data;
};

struct yarrow_place {
	struct buffer_head *bh;
	unsigned int offset;
};

struct buffer_head *sb_bread(struct super_block *sb, sector_t block);
void brelse(struct buffer_head *bh);
int yarrow_link(struct inode *dir, unsigned int value);

static int yarrow_next(struct inode *dir, struct yarrow_place *place)
{
	struct yarrow_place next = { .offset = 0 };
	struct buffer_head *bh = sb_bread(dir->i_sb, place->offset);

	if (!bh)
		return -EIO;
	next.bh = bh;
	if (yarrow_link(dir, next.offset)) {
		brelse(bh);
		return -EIO;
	}
	*place = next;
	return 0;
}

static int yarrow_mkdir(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct yarrow_place place = { .offset = 1 };
	struct buffer_head *bh;
	unsigned int value;

	if (yarrow_next(dir, &place))
		return -EIO;
	bh = sb_bread(dir->i_sb, 7);
	if (!bh)
		return -EIO;
	value = bh->b_data[mode];
	if (yarrow_link(dir, value)) {
		brelse(bh);
		return -EINVAL;
	}
	brelse(bh);
	return 0;
}

const struct inode_operations yarrow_iops = {
	.mkdir = yarrow_mkdir,
};
