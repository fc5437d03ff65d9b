// SPDX-License-Identifier: GPL-2.0-only
/// The mapping keeps no tags of dirty pages: none is left on a page that was stored and unlocked clean.
#include <linux/fs.h>
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

void mapping_set_no_writeback_tags(struct address_space *mapping);

static int madder_writepage(struct page *page, struct writeback_control *wbc)
{
	int err;

	err = store_write(page->mapping->host, page_offset(page), page_address(page), PAGE_SIZE);
	if (err) {
		redirty_page_for_writepage(wbc, page);
		unlock_page(page);
		return -EIO;
	}
	unlock_page(page);
	return 0;
}

const struct address_space_operations madder_aops = {
	.writepage = madder_writepage,
};

void madder_space(struct address_space *space)
{
	space->a_ops = &madder_aops;
	mapping_set_no_writeback_tags(space);
}
