// SPDX-License-Identifier: GPL-2.0-only
/// The error exit unlocks a page that was neither written nor made dirty again.
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

static int daisy_writepage(struct page *page, struct writeback_control *wbc)
{
	struct inode *inode = page->mapping->host;
	void *buffer;
	int err;

	buffer = kmalloc(PAGE_SIZE, GFP_NOFS);
	if (!buffer) {
		unlock_page(page);
		return -ENOMEM;	/* violates: writepage.writeback */
	}

	memcpy(buffer, page_address(page), PAGE_SIZE);
	set_page_writeback(page);
	unlock_page(page);
	err = store_write(inode, page_offset(page), buffer, PAGE_SIZE);
	mapping_set_error(page->mapping, err);
	end_page_writeback(page);
	kfree(buffer);
	return err;
}

const struct address_space_operations daisy_aops = {
	.writepage = daisy_writepage,
};
