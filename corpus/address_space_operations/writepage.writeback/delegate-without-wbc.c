// SPDX-License-Identifier: GPL-2.0-only
/// The delegate that fails has no writeback_control to redirty the page with.
// Fixable: no
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

static int heath_write_one(struct page *page)
{
	struct inode *inode = page->mapping->host;
	int err;

	err = store_reserve(inode, PAGE_SIZE);
	if (err) {
		unlock_page(page);
		return err;	/* violates: writepage.writeback */
	}

	set_page_writeback(page);
	unlock_page(page);
	err = store_write(inode, page_offset(page), page_address(page), PAGE_SIZE);
	mapping_set_error(page->mapping, err);
	end_page_writeback(page);
	return err;
}

static int heath_writepage(struct page *page, struct writeback_control *wbc)
{
	return heath_write_one(page);	/* ok: writepage.writeback */
}

const struct address_space_operations heath_aops = {
	.writepage = heath_writepage,
};
