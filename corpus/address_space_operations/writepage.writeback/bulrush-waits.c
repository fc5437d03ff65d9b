// SPDX-License-Identifier: GPL-2.0-only
/// The writer waits for the writeback of the very page: started before it, it would wait for ever.
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

static int bulrush_store(struct inode *inode, struct page *page)
{
	wait_on_page_writeback(page);
	return store_write(inode, page_offset(page), page_address(page), PAGE_SIZE);
}

static int bulrush_writepage(struct page *page, struct writeback_control *wbc)
{
	int err;

	err = bulrush_store(page->mapping->host, page);
	if (err)
		mapping_set_error(page->mapping, err);
	unlock_page(page);
	return err;		/* violates: writepage.writeback */
}

const struct address_space_operations bulrush_aops = {
	.writepage = bulrush_writepage,
};
