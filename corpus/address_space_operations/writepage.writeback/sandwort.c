// SPDX-License-Identifier: GPL-2.0-only
/// The exit decides by the error what becomes of the page: a jump to it is no place for a redirty.
// Fixable: no
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

static int sandwort_writepage(struct page *page, struct writeback_control *wbc)
{
	struct inode *inode = page->mapping->host;
	int err = store_reserve(inode, PAGE_SIZE);

	if (err)
		goto failed;
	set_page_writeback(page);
	unlock_page(page);
	err = store_write(inode, page_offset(page), page_address(page), PAGE_SIZE);
	end_page_writeback(page);
	return err;
failed:
	if (err == -ENOMEM) {
		redirty_page_for_writepage(wbc, page);
		err = 0;
	} else {
		SetPageError(page);
	}
	unlock_page(page);
	return err;	/* violates: writepage.writeback */
}

const struct address_space_operations sandwort_aops = {
	.writepage = sandwort_writepage,
};
