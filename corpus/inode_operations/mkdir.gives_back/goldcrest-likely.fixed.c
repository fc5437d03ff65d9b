// SPDX-License-Identifier: GPL-2.0-only
/// A helper reads a block where it finds none; a caller that gives it back at one exit owns it at all of them.
// Kernel: 6.8
#include <linux/fs.h>

struct buffer_head {
	void *b_data;
};

struct buffer_head *sb_bread(struct super_block *sb, sector_t block);
void brelse(struct buffer_head *bh);
int goldcrest_log(struct inode *dir);

static int goldcrest_read(struct inode *dir, struct buffer_head **bh)
{
	if (*bh)
		return 0;
	*bh = sb_bread(dir->i_sb, 1);
	return *bh ? 0 : -EIO;
}

static int goldcrest_mkdir(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct buffer_head *bh = NULL;
	int err = goldcrest_read(dir, &bh);

	if (err)
		return err;
	if (goldcrest_log(dir)) {
		brelse(bh);
		return -EINVAL;
	}
	if (mode)
		err = goldcrest_read(dir, &bh);
	brelse(bh);
	return err;
}

const struct inode_operations goldcrest_iops = {
	.mkdir = goldcrest_mkdir,
};
