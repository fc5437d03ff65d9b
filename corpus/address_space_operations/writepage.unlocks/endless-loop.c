// SPDX-License-Identifier: GPL-2.0-only
/// The loop is left only by returns that come after a release.
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

static int rowan_writepage(struct page *page, struct writeback_control *wbc)
{
	struct inode *inode = page->mapping->host;
	int err;

	while (1) {
		err = store_reserve(inode, PAGE_SIZE);
		if (!err)
			break;
		if (err != -EAGAIN) {
			redirty_page_for_writepage(wbc, page);
			unlock_page(page);
			return err;	/* ok: writepage.unlocks, writepage.writeback */
		}
		cond_resched();
	}

	set_page_writeback(page);
	unlock_page(page);
	err = store_write(inode, page_offset(page), page_address(page), PAGE_SIZE);
	mapping_set_error(page->mapping, err);
	end_page_writeback(page);
	return err;
}

const struct address_space_operations rowan_aops = {
	.writepage = rowan_writepage,
};
