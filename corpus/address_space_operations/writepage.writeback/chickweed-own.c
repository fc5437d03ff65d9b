// SPDX-License-Identifier: GPL-2.0-only
/// Its own page it declares clean where that cannot be written: that is meant so.
// Fixable: no
#include <linux/pagemap.h>
#include <linux/writeback.h>
#include <linux/store.h>

static int chickweed_writepage(struct page *page, struct writeback_control *wbc)
{
	int err = store_write(page->mapping->host, page_offset(page), page_address(page), PAGE_SIZE);

	if (err) {
		cancel_dirty_page(page);
		unlock_page(page);
		return err;	/* violates: writepage.writeback low */
	}
	set_page_writeback(page);
	unlock_page(page);
	end_page_writeback(page);
	return 0;	/* ok: writepage.writeback */
}

const struct address_space_operations chickweed_aops = {
	.writepage = chickweed_writepage,
};
