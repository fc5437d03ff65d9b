// SPDX-License-Identifier: GPL-2.0-only
/// The operations table is written by a macro that takes the method as its argument.
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

#define JUNIPER_AOPS(write) { .writepage = write }

static int juniper_writepage(struct page *page, struct writeback_control *wbc)
{
	struct inode *inode = page->mapping->host;
	int err;

	if (!inode->i_private)
		return -EIO;	/* violates: writepage.unlocks, writepage.writeback */

	set_page_writeback(page);
	unlock_page(page);
	err = store_write(inode, page_offset(page), page_address(page), PAGE_SIZE);
	mapping_set_error(page->mapping, err);
	end_page_writeback(page);
	return err;
}

const struct address_space_operations juniper_aops = JUNIPER_AOPS(juniper_writepage);
