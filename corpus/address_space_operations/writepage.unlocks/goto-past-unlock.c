// SPDX-License-Identifier: GPL-2.0-only
/// The error goes to a label behind the unlock.
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

static int elder_writepage(struct page *page, struct writeback_control *wbc)
{
	struct inode *inode = page->mapping->host;
	struct store *store = store_open(inode);
	int err;

	err = store_reserve(inode, PAGE_SIZE);
	if (err)
		goto out_close;

	set_page_writeback(page);
	err = store_write(inode, page_offset(page), page_address(page), PAGE_SIZE);
	mapping_set_error(page->mapping, err);
	unlock_page(page);
	end_page_writeback(page);
out_close:
	store_close(store);
	return err;		/* violates: writepage.unlocks, writepage.writeback */
}

const struct address_space_operations elder_aops = {
	.writepage = elder_writepage,
};
