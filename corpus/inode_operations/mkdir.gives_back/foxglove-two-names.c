// SPDX-License-Identifier: GPL-2.0-only
/// Two names of the function change places, and one of the two blocks is another's: it is given back under either of them.
// Kernel: 6.8
#include <linux/fs.h>
#include <linux/minmax.h>

struct buffer_head {
	unsigned char *b_data;
};

struct buffer_head *sb_bread(struct super_block *sb, sector_t block);
void brelse(struct buffer_head *bh);
int foxglove_link(struct inode *dir, struct buffer_head *bh);

static int foxglove_join(struct inode *dir, struct buffer_head *other, int at)
{
	struct buffer_head *bh = sb_bread(dir->i_sb, 7);
	int err;

	if (!bh)
		return -EIO;	/* ok: mkdir.gives_back */
	if (bh->b_data[0] < at)
		swap(other, bh);
	err = foxglove_link(dir, bh);
	if (bh->b_data[0] < at)
		brelse(other);
	else
		brelse(bh);
	return err;	/* ok: mkdir.gives_back */
}

static int foxglove_lend_mkdir(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	return foxglove_join(dir, dir->i_private, mode);
}

const struct inode_operations foxglove_lend_iops = {
	.mkdir = foxglove_lend_mkdir,
};
