// SPDX-License-Identifier: GPL-2.0-only
/// A warning that asks first need not have come: the page is not refused for good, and may not be called written.
// Fixable: no
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

bool toadflax_in_flight(struct inode *inode, pgoff_t index);

static int toadflax_writepage(struct page *page, struct writeback_control *wbc)
{
	int err;

	if (toadflax_in_flight(page->mapping->host, page->index)) {
		WARN_ON(wbc->sync_mode == WB_SYNC_ALL);
		unlock_page(page);
		return 0;	/* violates: writepage.writeback */
	}
	set_page_writeback(page);
	unlock_page(page);
	err = store_write(page->mapping->host, page_offset(page), page_address(page), PAGE_SIZE);
	mapping_set_error(page->mapping, err);
	end_page_writeback(page);
	return err;
}

const struct address_space_operations toadflax_aops = {
	.writepage = toadflax_writepage,
};
