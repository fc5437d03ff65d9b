// SPDX-License-Identifier: GPL-2.0-only
/// The page is unlocked only where its lock could be had.
// Kernel: 5.8
#include <linux/pagemap.h>

static int nettle_set_page_dirty(struct page *page)
{
	if (trylock_page(page)) {
		SetPageUptodate(page);
		unlock_page(page);	/* ok: set_page_dirty.must_not_call */
	}
	return 1;
}

const struct address_space_operations nettle_aops = {
	.set_page_dirty = nettle_set_page_dirty,
};
