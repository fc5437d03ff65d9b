// SPDX-License-Identifier: GPL-2.0-only
/// One error exit returns where its neighbours go to the label that redirties and unlocks.
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

static int cedar_writepage(struct page *page, struct writeback_control *wbc)
{
	struct inode *inode = page->mapping->host;
	int err;

	err = store_reserve(inode, PAGE_SIZE);
	if (err)
		goto out_redirty;

	err = store_reserve(inode, sizeof(u64));
	if (err)
		return err;	/* violates: writepage.unlocks, writepage.writeback */

	set_page_writeback(page);
	unlock_page(page);
	err = store_write(inode, page_offset(page), page_address(page), PAGE_SIZE);
	mapping_set_error(page->mapping, err);
	end_page_writeback(page);
	return err;

out_redirty:
	redirty_page_for_writepage(wbc, page);
	unlock_page(page);
	return err;
}

const struct address_space_operations cedar_aops = {
	.writepage = cedar_writepage,
};
