// SPDX-License-Identifier: GPL-2.0-only
/// Memory cleansing is refused without a redirty, and the page is lost although no error is told.
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

static int grass_writepage(struct page *page, struct writeback_control *wbc)
{
	struct inode *inode = page->mapping->host;
	int err;

	if (wbc->sync_mode == WB_SYNC_NONE) {
		unlock_page(page);
		return 0;	/* violates: writepage.writeback */
	}

	set_page_writeback(page);
	unlock_page(page);
	err = store_write(inode, page_offset(page), page_address(page), PAGE_SIZE);
	mapping_set_error(page->mapping, err);
	end_page_writeback(page);
	return err;
}

const struct address_space_operations grass_aops = {
	.writepage = grass_writepage,
};
