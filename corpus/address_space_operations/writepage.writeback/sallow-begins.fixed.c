// SPDX-License-Identifier: GPL-2.0-only
/// What asks to be called again is handed up by a variable, and the page is not redirtied.
// Source: after the shape of a ->writepage that asks a helper whether it may begin
#include <linux/fs.h>
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

int sallow_begin(struct inode *inode);

static int sallow_writepage(struct page *page, struct writeback_control *wbc)
{
	struct inode *inode = page->mapping->host;
	int code;

	code = sallow_begin(inode);
	if (code == AOP_WRITEPAGE_ACTIVATE) {
		redirty_page_for_writepage(wbc, page);
		return code;
	}
	set_page_writeback(page);
	code = store_write(inode, page_offset(page), page_address(page), PAGE_SIZE);
	unlock_page(page);
	end_page_writeback(page);
	return code;
}

const struct address_space_operations sallow_aops = {
	.writepage = sallow_writepage,
};
