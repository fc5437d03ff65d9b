// SPDX-License-Identifier: GPL-2.0-only
/// The block stands in a part of a structure, and is given back by that as well as by its whole name.
// Kernel: 6.8
// Fixable: no
#include <linux/fs.h>

struct buffer_head {
	void *b_data;
};

struct buffer_head *sb_bread(struct super_block *sb, sector_t block);
void brelse(struct buffer_head *bh);
int linnet_log(struct inode *dir);

struct linnet_loc { struct buffer_head *bh; };
struct linnet_find { struct linnet_loc loc; int found; };

static int linnet_get(struct inode *dir, struct linnet_loc *loc)
{
	struct buffer_head *bh = sb_bread(dir->i_sb, 1);

	if (!bh)
		return -EIO;	/* ok: mkdir.gives_back */
	loc->bh = bh;
	return 0;	/* ok: mkdir.gives_back */
}

static int linnet_end(struct inode *dir, struct linnet_loc *loc)
{
	brelse(loc->bh);
	return linnet_log(dir);	/* ok: mkdir.gives_back */
}

static int linnet_mkdir(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct linnet_find is = { .found = 0 };
	int err = linnet_get(dir, &is.loc);

	if (err)
		return err;	/* ok: mkdir.gives_back */
	if (mode)
		return linnet_end(dir, &is.loc);	/* ok: mkdir.gives_back */
	if (linnet_log(dir))
		return -EINVAL;	/* violates: mkdir.gives_back moderate */
	brelse(is.loc.bh);
	return 0;	/* ok: mkdir.gives_back */
}

const struct inode_operations linnet_iops = {
	.mkdir = linnet_mkdir,
};
