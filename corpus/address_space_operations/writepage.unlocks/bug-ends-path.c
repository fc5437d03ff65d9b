// SPDX-License-Identifier: GPL-2.0-only
/// BUG() and panic() end the path; the return behind them is never reached with the page locked.
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

static int quince_writepage(struct page *page, struct writeback_control *wbc)
{
	struct inode *inode = page->mapping->host;
	int err;

	if (!inode->i_private) {
		panic("quince: page without a home");
		return -EIO;	/* ok: writepage.unlocks, writepage.writeback */
	}
	if (inode->i_size < 0) {
		BUG();
		return -EIO;	/* ok: writepage.unlocks, writepage.writeback */
	}

	set_page_writeback(page);
	unlock_page(page);
	err = store_write(inode, page_offset(page), page_address(page), PAGE_SIZE);
	mapping_set_error(page->mapping, err);
	end_page_writeback(page);
	return err;
}

const struct address_space_operations quince_aops = {
	.writepage = quince_writepage,
};
