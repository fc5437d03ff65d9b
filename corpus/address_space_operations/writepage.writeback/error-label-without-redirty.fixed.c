// SPDX-License-Identifier: GPL-2.0-only
/// The label that all error exits share unlocks and forgets to redirty.
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

static int edel_writepage(struct page *page, struct writeback_control *wbc)
{
	struct inode *inode = page->mapping->host;
	int err;

	err = store_reserve(inode, PAGE_SIZE);
	if (err)
		goto out_unlock;
	err = store_reserve(inode, sizeof(u64));
	if (err)
		goto out_unlock;

	set_page_writeback(page);
	unlock_page(page);
	err = store_write(inode, page_offset(page), page_address(page), PAGE_SIZE);
	mapping_set_error(page->mapping, err);
	end_page_writeback(page);
	return err;

out_unlock:
	redirty_page_for_writepage(wbc, page);
	unlock_page(page);
	return err;
}

const struct address_space_operations edel_aops = {
	.writepage = edel_writepage,
};
