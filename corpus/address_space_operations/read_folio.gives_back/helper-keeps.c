// SPDX-License-Identifier: GPL-2.0-only
/// The helper that looks up the block keeps the buffer of its index when the index is damaged.
// Source: after the shape of ec0a7500d8ea ("ext4: fix iloc.bh leak in ext4_fc_replay_inode() error paths"), put into a helper of ->read_folio
#include <linux/buffer_head.h>
#include <linux/pagemap.h>

static int burnet_block(struct inode *inode, pgoff_t index)
{
	struct buffer_head *bh;
	int block;

	bh = sb_bread(inode->i_sb, index);
	if (!bh)
		return -EIO;	/* ok: read_folio.gives_back */
	block = *(int *)bh->b_data;
	if (!block)
		return -EINVAL;	/* violates: read_folio.gives_back */
	brelse(bh);
	return 0;	/* ok: read_folio.gives_back */
}

static int burnet_read_folio(struct file *file, struct folio *folio)
{
	int err = burnet_block(folio->mapping->host, folio->index);

	folio_unlock(folio);
	return err;	/* ok: read_folio.gives_back */
}

const struct address_space_operations burnet_aops = {
	.read_folio = burnet_read_folio,
};
