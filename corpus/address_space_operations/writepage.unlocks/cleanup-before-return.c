// SPDX-License-Identifier: GPL-2.0-only
/// The error exit frees what it took, but keeps the page.
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

static int larch_writepage(struct page *page, struct writeback_control *wbc)
{
	struct inode *inode = page->mapping->host;
	struct store *store = store_open(inode);
	int err;

	err = store_reserve(inode, PAGE_SIZE);
	if (err) {
		store_close(store);
		return err;	/* violates: writepage.unlocks, writepage.writeback */
	}

	set_page_writeback(page);
	unlock_page(page);
	err = store_write(inode, page_offset(page), page_address(page), PAGE_SIZE);
	mapping_set_error(page->mapping, err);
	end_page_writeback(page);
	store_close(store);
	return err;
}

const struct address_space_operations larch_aops = {
	.writepage = larch_writepage,
};
