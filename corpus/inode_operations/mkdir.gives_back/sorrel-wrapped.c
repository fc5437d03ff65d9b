// SPDX-License-Identifier: GPL-2.0-only
/// A block that a function of the file system takes for its caller is kept when the next step fails; a cached one is not its own.
// Kernel: 6.8
// Source: the shape of ext4_dx_add_entry() of 6.12
#include <linux/fs.h>

struct buffer_head {
	void *b_data;
};

struct buffer_head *sb_bread(struct super_block *sb, sector_t block);
void brelse(struct buffer_head *bh);
int sorrel_log(struct inode *dir, sector_t block);

static struct buffer_head *sorrel_bread(struct inode *dir, sector_t block)
{
	struct buffer_head *bh = sb_bread(dir->i_sb, block);

	return bh ? bh : ERR_PTR(-EIO);
}

static struct buffer_head *sorrel_append(struct inode *dir, sector_t block)
{
	struct buffer_head *bh = sorrel_bread(dir, block);

	if (IS_ERR(bh))
		return bh;
	if (sorrel_log(dir, block)) {
		brelse(bh);
		return ERR_PTR(-EIO);
	}
	return bh;
}

static struct buffer_head *sorrel_first(struct inode *dir)
{
	return dir->i_private;
}

static int sorrel_mkdir(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct buffer_head *first = sorrel_first(dir), *bh = sorrel_append(dir, 2);
	int err;

	if (IS_ERR(bh))
		return PTR_ERR(bh);	/* ok: mkdir.gives_back */
	err = sorrel_log(dir, first != bh);
	if (err)
		return err;	/* violates: mkdir.gives_back */
	brelse(bh);
	return 0;	/* ok: mkdir.gives_back */
}

const struct inode_operations sorrel_iops = {
	.mkdir = sorrel_mkdir,
};
