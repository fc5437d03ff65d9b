// SPDX-License-Identifier: GPL-2.0-only
/// Delegation: the generic method does the whole contract.
#include <linux/buffer_head.h>
#include <linux/pagemap.h>

static int kapok_get_block(struct inode *inode, sector_t block, sector_t *result)
{
	*result = block;
	return 0;
}

static int kapok_read_folio(struct file *file, struct folio *folio)
{
	return block_read_full_folio(folio, kapok_get_block);	/* ok: read_folio.unlocks */
}

const struct address_space_operations kapok_aops = {
	.read_folio = kapok_read_folio,
};
