// SPDX-License-Identifier: GPL-2.0-only
/// The forgotten exit returns a constant; the label returns a variable.
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

static int dune_writepage(struct page *page, struct writeback_control *wbc)
{
	struct inode *inode = page->mapping->host;
	void *buffer;
	int err;

	buffer = kmalloc(PAGE_SIZE, GFP_NOFS);
	if (!buffer)
		return -ENOMEM;	/* violates: writepage.unlocks, writepage.writeback */

	err = store_reserve(inode, PAGE_SIZE);
	if (err)
		goto out_redirty;

	memcpy(buffer, page_address(page), PAGE_SIZE);
	set_page_writeback(page);
	unlock_page(page);
	err = store_write(inode, page_offset(page), buffer, PAGE_SIZE);
	mapping_set_error(page->mapping, err);
	end_page_writeback(page);
	kfree(buffer);
	return err;

out_redirty:
	redirty_page_for_writepage(wbc, page);
	unlock_page(page);
	kfree(buffer);
	return err;
}

const struct address_space_operations dune_aops = {
	.writepage = dune_writepage,
};
