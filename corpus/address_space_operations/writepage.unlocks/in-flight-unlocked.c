// SPDX-License-Identifier: GPL-2.0-only
/// The early branch makes the page dirty again and unlocks it; only the helper of the other one writes.
// Kernel: 5.8
// Source: shape of the code after d5880c7a8620 ("fuse: fix missing unlock_page in fuse_writepage()")
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

bool quince_in_flight(struct inode *inode, pgoff_t index);

static int quince_write_locked(struct page *page)
{
	int err;

	set_page_writeback(page);
	err = store_write(page->mapping->host, page_offset(page), page_address(page), PAGE_SIZE);
	mapping_set_error(page->mapping, err);
	end_page_writeback(page);
	return err;
}

static int quince_writepage(struct page *page, struct writeback_control *wbc)
{
	int err;

	if (quince_in_flight(page->mapping->host, page->index)) {
		if (WARN_ON(wbc->sync_mode == WB_SYNC_ALL))
			mapping_set_error(page->mapping, -EIO);
		redirty_page_for_writepage(wbc, page);
		unlock_page(page);
		return 0;	/* ok: writepage.unlocks, writepage.writeback */
	}

	err = quince_write_locked(page);
	unlock_page(page);
	return err;	/* ok: writepage.unlocks, writepage.writeback */
}

const struct address_space_operations quince_aops = {
	.writepage = quince_writepage,
};
