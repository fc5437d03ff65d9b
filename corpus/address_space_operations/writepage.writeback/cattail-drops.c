// SPDX-License-Identifier: GPL-2.0-only
/// Behind the unlock comes what may drop the last reference to the inode: writeback has ended by then.
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

static int cattail_writepage(struct page *page, struct writeback_control *wbc)
{
	struct inode *inode = page->mapping->host;
	struct store *store = store_open(inode);
	int err;

	err = store_write(inode, page_offset(page), page_address(page), PAGE_SIZE);
	unlock_page(page);
	store_close(store);
	if (err)
		mapping_set_error(page->mapping, err);
	return err;		/* violates: writepage.writeback */
}

const struct address_space_operations cattail_aops = {
	.writepage = cattail_writepage,
};
