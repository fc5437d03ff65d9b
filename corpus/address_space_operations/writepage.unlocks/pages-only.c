// SPDX-License-Identifier: GPL-2.0-only
/// The vocabulary of pages alone, in a tree that has no folios.
// Kernel: 5.8
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

static int yew_writepage(struct page *page, struct writeback_control *wbc)
{
	struct inode *inode = page->mapping->host;
	int err;

	err = store_reserve(inode, PAGE_SIZE);
	if (err)
		return err;	/* violates: writepage.unlocks, writepage.writeback */

	set_page_writeback(page);
	unlock_page(page);
	err = store_write(inode, page_offset(page), page_address(page), PAGE_SIZE);
	mapping_set_error(page->mapping, err);
	end_page_writeback(page);
	return err;
}

const struct address_space_operations yew_aops = {
	.writepage = yew_writepage,
};
