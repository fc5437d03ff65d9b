// SPDX-License-Identifier: GPL-2.0-only
/// A page may be dirtied without its lock, and is unlocked.
// Kernel: 5.8
// Fixable: no
#include <linux/pagemap.h>

static int nettle_set_page_dirty(struct page *page)
{
	SetPageUptodate(page);
	unlock_page(page);	/* violates: set_page_dirty.must_not_call moderate */
	return 1;
}

const struct address_space_operations nettle_aops = {
	.set_page_dirty = nettle_set_page_dirty,
};
