// SPDX-License-Identifier: GPL-2.0-only
/// A goto backwards tries again; every way out unlocks.
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

static int sedge_writepage(struct page *page, struct writeback_control *wbc)
{
	struct inode *inode = page->mapping->host;
	int tries = 0;
	int err;

again:
	err = store_reserve(inode, PAGE_SIZE);
	if (err == -EAGAIN && tries++ < 3)
		goto again;
	if (err)
		goto out_redirty;

	set_page_writeback(page);
	unlock_page(page);
	err = store_write(inode, page_offset(page), page_address(page), PAGE_SIZE);
	mapping_set_error(page->mapping, err);
	end_page_writeback(page);
	return err;		/* ok: writepage.unlocks, writepage.writeback */

out_redirty:
	redirty_page_for_writepage(wbc, page);
	unlock_page(page);
	return err;		/* ok: writepage.unlocks, writepage.writeback */
}

const struct address_space_operations sedge_aops = {
	.writepage = sedge_writepage,
};
