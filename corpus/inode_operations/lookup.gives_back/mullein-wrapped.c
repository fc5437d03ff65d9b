// SPDX-License-Identifier: GPL-2.0-only
/// A wrapper that does nothing but call is no call deeper: the function behind it keeps a buffer head where it fails.
// Kernel: 6.8
// Source: the shape of udf_read_inode() of 6.1, which is behind udf_iget() of a header, with another slip
#include <linux/fs.h>

struct buffer_head { char *b_data; };
struct buffer_head *sb_bread(struct super_block *sb, sector_t block);
void brelse(struct buffer_head *bh);
struct dentry *d_splice_alias(struct inode *inode, struct dentry *dentry);
struct inode *mullein_new(struct super_block *sb, const char *data);
int mullein_fits(const char *data);

static struct inode *mullein_read(struct super_block *sb, sector_t block)
{
	struct buffer_head *bh = sb_bread(sb, block);
	struct inode *inode;

	if (!bh)
		return ERR_PTR(-EIO);	/* ok: lookup.gives_back */
	if (!mullein_fits(bh->b_data))
		return ERR_PTR(-EINVAL);	/* violates: lookup.gives_back */
	inode = mullein_new(sb, bh->b_data);
	brelse(bh);
	return inode;	/* ok: lookup.gives_back */
}

static struct inode *mullein_read_again(struct super_block *sb, sector_t block)
{
	struct buffer_head *bh = sb_bread(sb, block);
	struct inode *inode = NULL;

	if (!bh)
		return ERR_PTR(-EIO);	/* ok: lookup.gives_back */
	if (mullein_fits(bh->b_data))
		inode = mullein_new(sb, bh->b_data);
	brelse(bh);
	return inode ? inode : ERR_PTR(-EINVAL);	/* ok: lookup.gives_back */
}

static struct inode *__mullein_get(struct super_block *sb, sector_t block, int again)
{
	return again ? mullein_read_again(sb, block) : mullein_read(sb, block);
}

static struct inode *mullein_get(struct super_block *sb, sector_t block)
{
	return __mullein_get(sb, block, 0);
}

static struct dentry *mullein_lookup(struct inode *dir, struct dentry *dentry, unsigned int flags)
{
	return d_splice_alias(mullein_get(dir->i_sb, 7), dentry);
}

const struct inode_operations mullein_iops = {
	.lookup = mullein_lookup,
};
