// SPDX-License-Identifier: GPL-2.0-only
/// The pages are chained by a second variable first, and read and unlocked one after the other then.
#include <linux/pagemap.h>
#include <linux/store.h>

void set_page_private(struct page *page, struct page *before);
struct page *page_private(struct page *page);

static void avocet_readahead(struct readahead_control *rac)
{
	struct inode *inode = rac->mapping->host;
	struct page *last = NULL, *page;

	while ((page = readahead_page(rac))) {	/* ok: readahead.unlocks */
		set_page_private(page, last);
		last = page;
	}
	while (last) {
		page = last;
		last = page_private(page);
		if (!store_read(inode, page_offset(page), page_address(page), PAGE_SIZE))
			SetPageUptodate(page);
		unlock_page(page);
		put_page(page);
	}
}	/* ok: readahead.unlocks */

const struct address_space_operations avocet_aops = {
	.readahead = avocet_readahead,
};
