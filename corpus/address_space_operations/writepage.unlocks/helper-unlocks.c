// SPDX-License-Identifier: GPL-2.0-only
/// The error exit leaves redirtying and unlocking to a helper.
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

static void nettle_give_up(struct page *page, struct writeback_control *wbc)
{
	redirty_page_for_writepage(wbc, page);
	unlock_page(page);
}

static int nettle_writepage(struct page *page, struct writeback_control *wbc)
{
	struct inode *inode = page->mapping->host;
	int err;

	err = store_reserve(inode, PAGE_SIZE);
	if (err) {
		nettle_give_up(page, wbc);
		return err;	/* ok: writepage.unlocks, writepage.writeback */
	}

	set_page_writeback(page);
	unlock_page(page);
	err = store_write(inode, page_offset(page), page_address(page), PAGE_SIZE);
	mapping_set_error(page->mapping, err);
	end_page_writeback(page);
	return err;
}

const struct address_space_operations nettle_aops = {
	.writepage = nettle_writepage,
};
