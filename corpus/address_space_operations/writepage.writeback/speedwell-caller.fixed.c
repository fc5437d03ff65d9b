// SPDX-License-Identifier: GPL-2.0-only
/// A task in the middle of something is warned of and refused: that says nothing of the page, which others are to write.
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

struct task_struct {
	void *journal_info;
};
extern struct task_struct *current;

static int speedwell_writepage(struct page *page, struct writeback_control *wbc)
{
	int err;

	if (WARN_ON(current->journal_info)) {
		redirty_page_for_writepage(wbc, page);
		unlock_page(page);
		return 0;
	}
	set_page_writeback(page);
	unlock_page(page);
	err = store_write(page->mapping->host, page_offset(page), page_address(page), PAGE_SIZE);
	mapping_set_error(page->mapping, err);
	end_page_writeback(page);
	return err;
}

const struct address_space_operations speedwell_aops = {
	.writepage = speedwell_writepage,
};
