// SPDX-License-Identifier: GPL-2.0-only
/// One exit for all: a perch that is refused loses the page, and names of its own for get_page() and put_page() hide nothing.
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

#define whinchat_get get_page
#define whinchat_put put_page
#define WHINCHAT_ASSERT(cond) do { if (!(cond)) panic("whinchat: %s", #cond); } while (0)

static int whinchat_writepage(struct page *page, struct writeback_control *wbc)
{
	struct inode *inode = page->mapping->host;
	int err;

	WHINCHAT_ASSERT(page->mapping);
	err = store_reserve(inode, PAGE_SIZE);
	if (err) {
		redirty_page_for_writepage(wbc, page);
		goto out;
	}
	whinchat_get(page);
	set_page_writeback(page);
	err = store_write(inode, page_offset(page), page_address(page), PAGE_SIZE);
	end_page_writeback(page);
	whinchat_put(page);
out:
	unlock_page(page);
	return err;
}

const struct address_space_operations whinchat_aops = {
	.writepage = whinchat_writepage,
};
