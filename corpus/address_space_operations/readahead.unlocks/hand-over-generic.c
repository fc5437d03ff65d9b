// SPDX-License-Identifier: GPL-2.0-only
/// Delegation: the generic method takes the folios and unlocks them.
#include <linux/buffer_head.h>
#include <linux/pagemap.h>

static int yarrow_get_block(struct inode *inode, sector_t block, sector_t *result)
{
	*result = block;
	return 0;
}

static void yarrow_readahead(struct readahead_control *rac)
{
	mpage_readahead(rac, yarrow_get_block);	/* ok: readahead.unlocks */
}

const struct address_space_operations yarrow_aops = {
	.readahead = yarrow_readahead,
};
