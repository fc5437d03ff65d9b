// SPDX-License-Identifier: GPL-2.0-only
/// Delegation: the generic method does the whole contract.
#include <linux/buffer_head.h>
#include <linux/pagemap.h>

static int pine_get_block(struct inode *inode, sector_t block, sector_t *result)
{
	*result = block;
	return 0;
}

static int pine_writepage(struct page *page, struct writeback_control *wbc)
{
	return block_write_full_page(page, pine_get_block, wbc);	/* ok: writepage.unlocks, writepage.writeback */
}

const struct address_space_operations pine_aops = {
	.writepage = pine_writepage,
};
