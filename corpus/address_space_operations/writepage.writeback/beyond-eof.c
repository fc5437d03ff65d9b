// SPDX-License-Identifier: GPL-2.0-only
/// A page wholly beyond the end of the file: against the letter, and what the generic code does.
// Fixable: no
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

static int ivy_writepage(struct page *page, struct writeback_control *wbc)
{
	struct inode *inode = page->mapping->host;
	pgoff_t end = i_size_read(inode) >> PAGE_SHIFT;
	int err;

	if (page->index > end) {
		unlock_page(page);
		return 0;	/* violates: writepage.writeback low */
	}

	set_page_writeback(page);
	unlock_page(page);
	err = store_write(inode, page_offset(page), page_address(page), PAGE_SIZE);
	mapping_set_error(page->mapping, err);
	end_page_writeback(page);
	return err;
}

const struct address_space_operations ivy_aops = {
	.writepage = ivy_writepage,
};
