// SPDX-License-Identifier: GPL-2.0-only
/// The page is locked again by the helper that waits, and unlocked by it too.
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

static int crystalwort_sync(struct page *page)
{
	int err;

	unlock_page(page);
	err = store_reserve(page->mapping->host, PAGE_SIZE);
	lock_page(page);
	return err;
}

static int crystalwort_writepage(struct page *page, struct writeback_control *wbc)
{
	int err = crystalwort_sync(page);

	if (err) {
		redirty_page_for_writepage(wbc, page);
		unlock_page(page);
		return 0;	/* ok: writepage.unlocks */
	}
	set_page_writeback(page);
	unlock_page(page);
	err = store_write(page->mapping->host, page_offset(page), page_address(page), PAGE_SIZE);
	end_page_writeback(page);
	return err;	/* ok: writepage.unlocks */
}

const struct address_space_operations crystalwort_aops = {
	.writepage = crystalwort_writepage,
};
