// SPDX-License-Identifier: GPL-2.0-only
/// A block that its getter may also remember: that the caller gives it back elsewhere says whose it is.  Who never does may borrow it.
// Kernel: 6.8
// Fixable: no
// Source: the shape of ext4_append() of 6.1
#include <linux/fs.h>

struct buffer_head {
	void *b_data;
};

struct buffer_head *sb_bread(struct super_block *sb, sector_t block);
void brelse(struct buffer_head *bh);
void vervain_remember(struct inode *dir, struct buffer_head *bh);
int vervain_log(struct inode *dir);

static struct buffer_head *vervain_get(struct inode *dir, sector_t block)
{
	struct buffer_head *bh = sb_bread(dir->i_sb, block);

	if (!bh)
		return ERR_PTR(-EIO);
	vervain_remember(dir, bh);
	return bh;
}

static int vervain_peek(struct inode *dir)
{
	struct buffer_head *bh = vervain_get(dir, 1);

	if (IS_ERR(bh))
		return PTR_ERR(bh);	/* ok: mkdir.gives_back */
	return vervain_log(dir) ? -EIO : 0;	/* ok: mkdir.gives_back */
}

static int vervain_mkdir(struct mnt_idmap *idmap, struct inode *dir, struct dentry *dentry, umode_t mode)
{
	struct buffer_head *bh;

	if (vervain_peek(dir))
		return -EIO;	/* ok: mkdir.gives_back */
	bh = vervain_get(dir, 2);
	if (IS_ERR(bh))
		return PTR_ERR(bh);	/* ok: mkdir.gives_back */
	if (vervain_log(dir))
		return -EINVAL;	/* violates: mkdir.gives_back moderate */
	brelse(bh);
	return 0;	/* ok: mkdir.gives_back */
}

const struct inode_operations vervain_iops = {
	.mkdir = vervain_mkdir,
};
