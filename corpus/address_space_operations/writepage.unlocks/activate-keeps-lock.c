// SPDX-License-Identifier: GPL-2.0-only
/// AOP_WRITEPAGE_ACTIVATE returns the page locked by contract.
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

static int maple_writepage(struct page *page, struct writeback_control *wbc)
{
	struct inode *inode = page->mapping->host;
	int err;

	if (wbc->for_reclaim) {
		redirty_page_for_writepage(wbc, page);
		return AOP_WRITEPAGE_ACTIVATE;	/* ok: writepage.unlocks, writepage.writeback */
	}

	set_page_writeback(page);
	unlock_page(page);
	err = store_write(inode, page_offset(page), page_address(page), PAGE_SIZE);
	mapping_set_error(page->mapping, err);
	end_page_writeback(page);
	return err;
}

const struct address_space_operations maple_aops = {
	.writepage = maple_writepage,
};
