// SPDX-License-Identifier: GPL-2.0-only
/// The return that asks to be called again neither redirties the page nor gives back the inode, as all others do.
// Source: after a ->writepage that holds its inode while the page is written
#include <linux/fs.h>
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

static int sedge_writepage(struct page *page, struct writeback_control *wbc)
{
	struct inode *inode = page->mapping->host;
	int err;

	ihold(inode);

	if (wbc->sync_mode == WB_SYNC_NONE && store_reserve(inode, PAGE_SIZE)) {
		redirty_page_for_writepage(wbc, page);
		iput(inode);
		return AOP_WRITEPAGE_ACTIVATE;
	}
	set_page_writeback(page);
	err = store_write(inode, page_offset(page), page_address(page), PAGE_SIZE);
	unlock_page(page);
	end_page_writeback(page);
	iput(inode);
	return err;
}

const struct address_space_operations sedge_aops = {
	.writepage = sedge_writepage,
};
