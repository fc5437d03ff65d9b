// SPDX-License-Identifier: GPL-2.0-only
/// The helper unlocks the page itself when it fails, so its caller must not.
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

static int oak_prepare(struct page *page, struct writeback_control *wbc)
{
	int err = store_reserve(page->mapping->host, PAGE_SIZE);

	if (err) {
		redirty_page_for_writepage(wbc, page);
		unlock_page(page);
	}
	return err;
}

static int oak_writepage(struct page *page, struct writeback_control *wbc)
{
	struct inode *inode = page->mapping->host;
	int err;

	err = oak_prepare(page, wbc);
	if (err)
		return err;	/* ok: writepage.unlocks, writepage.writeback */

	set_page_writeback(page);
	unlock_page(page);
	err = store_write(inode, page_offset(page), page_address(page), PAGE_SIZE);
	mapping_set_error(page->mapping, err);
	end_page_writeback(page);
	return err;
}

const struct address_space_operations oak_aops = {
	.writepage = oak_writepage,
};
