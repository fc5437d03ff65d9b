// SPDX-License-Identifier: GPL-2.0-only
/// A helper leaves a buffer head where a pointer leads that it is given; one that may leave none clears the pointer first.
// Source: the shape of gfs2_meta_inode_buffer() of 6.12, as gfs2_link() would use it
#include <linux/buffer_head.h>
#include <linux/pagemap.h>

static int tansy_read(struct inode *inode, sector_t block, struct buffer_head **out)
{
	struct buffer_head *bh = sb_bread(inode->i_sb, block);

	if (!bh)
		return -EIO;
	*out = bh;
	return 0;
}

static int tansy_perhaps(struct inode *inode, sector_t block, struct buffer_head **out)
{
	*out = NULL;
	if (!block)
		return 0;
	return tansy_read(inode, block, out);
}

static int tansy_block(struct inode *inode, pgoff_t index)
{
	struct buffer_head *bh, *more;
	int block, err;

	err = tansy_read(inode, index, &bh);
	if (err)
		return err;
	block = *(int *)bh->b_data;
	if (!block) {
		brelse(bh);
		return -EINVAL;
	}
	brelse(bh);
	err = tansy_perhaps(inode, block, &more);
	if (err)
		return err;
	if (more && !*(int *)more->b_data) {
		brelse(more);
		return -EINVAL;
	}
	brelse(more);
	return 0;
}

static int tansy_read_folio(struct file *file, struct folio *folio)
{
	int err = tansy_block(folio->mapping->host, folio->index);

	folio_unlock(folio);
	return err;
}

const struct address_space_operations tansy_aops = {
	.read_folio = tansy_read_folio,
};
