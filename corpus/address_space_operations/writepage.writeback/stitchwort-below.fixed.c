// SPDX-License-Identifier: GPL-2.0-only
/// It is the page of the file below whose dirty bit is cleared; its own it forgets when that one could not be written.
#include <linux/pagemap.h>
#include <linux/writeback.h>
#include <linux/store.h>

int stitchwort_put(struct page *lower);

static int stitchwort_writepage(struct page *page, struct writeback_control *wbc)
{
	struct page *lower = find_lock_page(page->mapping->private_data, page->index);
	int err;

	if (!lower) {
		redirty_page_for_writepage(wbc, page);
		unlock_page(page);
		return 0;
	}
	clear_page_dirty_for_io(lower);
	err = stitchwort_put(lower);
	unlock_page(lower);
	put_page(lower);
	if (err) {
		redirty_page_for_writepage(wbc, page);
		unlock_page(page);
		return err;
	}
	set_page_writeback(page);
	unlock_page(page);
	end_page_writeback(page);
	return 0;
}

const struct address_space_operations stitchwort_aops = {
	.writepage = stitchwort_writepage,
};
