// SPDX-License-Identifier: GPL-2.0-only
/// An early refusal returns with the page locked; the caller cleared its dirty flag, too.
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

static int brook_writepage(struct page *page, struct writeback_control *wbc)
{
	struct inode *inode = page->mapping->host;
	struct store *store;
	int err;

	store = store_open(inode);
	if (!store)
		return -EBADF;	/* violates: writepage.unlocks, writepage.writeback */

	set_page_writeback(page);
	unlock_page(page);
	err = store_write(inode, page_offset(page), page_address(page), PAGE_SIZE);
	mapping_set_error(page->mapping, err);
	end_page_writeback(page);
	store_close(store);
	return err;		/* ok: writepage.unlocks */
}

const struct address_space_operations brook_aops = {
	.writepage = brook_writepage,
};
