// SPDX-License-Identifier: GPL-2.0-only
/// A macro that is one call takes what that takes, and puts it where that puts it.
// Kernel: 6.8
#include <linux/fs.h>

struct buffer_head {
	void *b_data;
};

struct buffer_head *sb_bread(struct super_block *sb, sector_t block);
void brelse(struct buffer_head *bh);
int siskin_log(struct inode *dir);

struct buffer_head *__siskin_get(struct inode *dir, sector_t block, int line);
#define siskin_get(dir, block) __siskin_get((dir), (block), __LINE__)
#define siskin_find(dir, loc) __siskin_find((dir), 1, (loc))

struct siskin_loc { struct buffer_head *bh; };

struct buffer_head *__siskin_get(struct inode *dir, sector_t block, int line)
{
	return sb_bread(dir->i_sb, block);
}

static int __siskin_find(struct inode *dir, sector_t block, struct siskin_loc *loc)
{
	loc->bh = siskin_get(dir, block);
	return loc->bh ? 0 : -EIO;	/* ok: mkdir.gives_back */
}

static int siskin_mkdir(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct siskin_loc loc;
	struct buffer_head *bh = siskin_get(dir, 2);

	if (!bh)
		return -EIO;	/* ok: mkdir.gives_back */
	if (siskin_find(dir, &loc))
		return -ENOMEM;	/* violates: mkdir.gives_back */
	brelse(bh);
	if (siskin_log(dir)) {
		brelse(loc.bh);
		return -EINVAL;	/* ok: mkdir.gives_back */
	}
	brelse(loc.bh);
	return 0;	/* ok: mkdir.gives_back */
}

const struct inode_operations siskin_iops = {
	.mkdir = siskin_mkdir,
};
