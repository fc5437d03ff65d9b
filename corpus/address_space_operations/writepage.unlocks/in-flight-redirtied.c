// SPDX-License-Identifier: GPL-2.0-only
/// A page whose write is still in flight is made dirty again, and nobody unlocks it.
// Kernel: 5.8
// Source: shape of the code before d5880c7a8620 ("fuse: fix missing unlock_page in fuse_writepage()")
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

bool medlar_in_flight(struct inode *inode, pgoff_t index);

static int medlar_write_locked(struct page *page)
{
	int err;

	set_page_writeback(page);
	err = store_write(page->mapping->host, page_offset(page), page_address(page), PAGE_SIZE);
	mapping_set_error(page->mapping, err);
	end_page_writeback(page);
	return err;
}

static int medlar_writepage(struct page *page, struct writeback_control *wbc)
{
	int err;

	if (medlar_in_flight(page->mapping->host, page->index)) {
		if (WARN_ON(wbc->sync_mode == WB_SYNC_ALL))
			mapping_set_error(page->mapping, -EIO);
		redirty_page_for_writepage(wbc, page);
		return 0;	/* violates: writepage.unlocks */
	}

	err = medlar_write_locked(page);
	unlock_page(page);
	return err;	/* ok: writepage.unlocks, writepage.writeback */
}

const struct address_space_operations medlar_aops = {
	.writepage = medlar_writepage,
};
