// SPDX-License-Identifier: GPL-2.0-only
/// What redirties and what unlocks go by the names of an older kernel, and mend every way out.
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

#define wheatear_redirty redirty_page_for_writepage
#define wheatear_unlock unlock_page

static int wheatear_writepage(struct page *page, struct writeback_control *wbc)
{
	struct inode *inode = page->mapping->host;
	int err;

	err = store_reserve(inode, PAGE_SIZE);
	if (err) {
		wheatear_redirty(wbc, page);
		wheatear_unlock(page);
		return 0;	/* ok: writepage.unlocks, writepage.writeback */
	}
	set_page_writeback(page);
	wheatear_unlock(page);
	err = store_write(inode, page_offset(page), page_address(page), PAGE_SIZE);
	end_page_writeback(page);
	return err;
}

const struct address_space_operations wheatear_aops = {
	.writepage = wheatear_writepage,
};
