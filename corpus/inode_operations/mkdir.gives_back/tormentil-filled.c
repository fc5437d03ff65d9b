// SPDX-License-Identifier: GPL-2.0-only
/// A helper puts a block into a structure of its caller, who must give it back by that when it fails later.
// Kernel: 6.8
// Fixable: no
// Source: the shape of ext4_reserve_inode_write() of 6.1
#include <linux/fs.h>

struct buffer_head {
	void *b_data;
};

struct tormentil_loc { struct buffer_head *bh; unsigned long offset; };

struct buffer_head *sb_bread(struct super_block *sb, sector_t block);
void brelse(struct buffer_head *bh);
int tormentil_log(struct inode *dir);

static int tormentil_find(struct inode *dir, struct tormentil_loc *loc)
{
	struct buffer_head *bh = sb_bread(dir->i_sb, 1);

	if (!bh)
		return -EIO;	/* ok: mkdir.gives_back */
	loc->bh = bh;
	return 0;	/* ok: mkdir.gives_back */
}

static int tormentil_reserve(struct inode *dir, struct tormentil_loc *loc)
{
	int err = tormentil_find(dir, loc);

	if (!err && tormentil_log(dir)) {
		brelse(loc->bh);
		loc->bh = NULL;
		err = -EROFS;
	}
	return err;	/* ok: mkdir.gives_back */
}

static int tormentil_mkdir(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct tormentil_loc loc;
	int err = tormentil_reserve(dir, &loc);

	if (err)
		return err;	/* ok: mkdir.gives_back */
	if (tormentil_log(dir))
		return -EINVAL;	/* violates: mkdir.gives_back moderate */
	brelse(loc.bh);
	return 0;	/* ok: mkdir.gives_back */
}

const struct inode_operations tormentil_iops = {
	.mkdir = tormentil_mkdir,
};
