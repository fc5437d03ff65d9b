// SPDX-License-Identifier: GPL-2.0-only
/// One call deep the page is kept locked for reclaim, and nobody makes it dirty again.
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

static int pennywort_write(struct page *page, struct writeback_control *wbc)
{
	int err;

	if (wbc->sync_mode == WB_SYNC_NONE && PageError(page))
		return AOP_WRITEPAGE_ACTIVATE;	/* violates: writepage.writeback */
	set_page_writeback(page);
	err = store_write(page->mapping->host, page_offset(page), page_address(page), PAGE_SIZE);
	end_page_writeback(page);
	return err;
}

static int pennywort_writepage(struct page *page, struct writeback_control *wbc)
{
	int ret = pennywort_write(page, wbc);

	if (ret != AOP_WRITEPAGE_ACTIVATE)
		unlock_page(page);
	return ret;	/* ok: writepage.writeback, writepage.unlocks */
}

const struct address_space_operations pennywort_aops = {
	.writepage = pennywort_writepage,
};
