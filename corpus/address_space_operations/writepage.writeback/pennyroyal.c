// SPDX-License-Identifier: GPL-2.0-only
/// A helper tells by its own codes what it did; the one for "nothing to do" leaves the page dirty and is redirtied by nobody.
// Fixable: no
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

enum pennyroyal_did {
	PENNYROYAL_WROTE,
	PENNYROYAL_SKIPPED,
};

static enum pennyroyal_did pennyroyal_try(struct inode *inode, struct page *page)
{
	if (store_reserve(inode, PAGE_SIZE))
		return PENNYROYAL_SKIPPED;
	set_page_writeback(page);
	unlock_page(page);
	store_write(inode, page_offset(page), page_address(page), PAGE_SIZE);
	end_page_writeback(page);
	return PENNYROYAL_WROTE;
}

static int pennyroyal_writepage(struct page *page, struct writeback_control *wbc)
{
	if (pennyroyal_try(page->mapping->host, page) == PENNYROYAL_WROTE)
		return 0;	/* ok: writepage.writeback, writepage.unlocks */
	unlock_page(page);
	return 0;	/* violates: writepage.writeback */
}

const struct address_space_operations pennyroyal_aops = {
	.writepage = pennyroyal_writepage,
};
