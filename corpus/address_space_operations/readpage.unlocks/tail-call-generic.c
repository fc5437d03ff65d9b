// SPDX-License-Identifier: GPL-2.0-only
/// Delegation: the generic method does the whole contract.
// Kernel: 5.8
#include <linux/buffer_head.h>
#include <linux/pagemap.h>

static int palm_get_block(struct inode *inode, sector_t block, sector_t *result)
{
	*result = block;
	return 0;
}

static int palm_readpage(struct file *file, struct page *page)
{
	return block_read_full_page(page, palm_get_block);	/* ok: readpage.unlocks */
}

const struct address_space_operations palm_aops = {
	.readpage = palm_readpage,
};
