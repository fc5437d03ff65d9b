// SPDX-License-Identifier: GPL-2.0-only
/// The head has two forms, and one of them is not given what a redirty needs: such a fix would not compile there.
// Fixable: no
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

int burdock_begin(struct inode *inode);

static int
#ifndef BURDOCK_OLD_WRITEPAGE
burdock_writepage(struct page *page, struct writeback_control *wbc)
#else
burdock_writepage(struct page *page)
#endif
{
	struct inode *inode = page->mapping->host;
	int err;

	err = burdock_begin(inode);
	if (err) {
		unlock_page(page);
		return -EIO;	/* violates: writepage.writeback */
	}

	set_page_writeback(page);
	unlock_page(page);
	err = store_write(inode, page_offset(page), page_address(page), PAGE_SIZE);
	mapping_set_error(page->mapping, err);
	end_page_writeback(page);
	return err;
}

const struct address_space_operations burdock_aops = {
	.writepage = burdock_writepage,
};
