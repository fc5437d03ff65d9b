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
		return 0;	/* ok: mkdir.gives_back */
	*bh = sb_bread(dir->i_sb, 1);
	return *bh ? 0 : -EIO;	/* ok: mkdir.gives_back */
}

static int goldcrest_mkdir(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct buffer_head *bh = NULL;
	int err = goldcrest_read(dir, &bh);

	if (err)
		return err;	/* ok: mkdir.gives_back */
	if (goldcrest_log(dir))
		return -EINVAL;	/* violates: mkdir.gives_back moderate */
	if (mode)
		err = goldcrest_read(dir, &bh);
	brelse(bh);
	return err;	/* ok: mkdir.gives_back */
}

const struct inode_operations goldcrest_iops = {
	.mkdir = goldcrest_mkdir,
};
