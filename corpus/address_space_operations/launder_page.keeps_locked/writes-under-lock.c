// SPDX-License-Identifier: GPL-2.0-only
/// The page is written under the lock that the caller holds.
// Kernel: 5.8
#include <linux/pagemap.h>
#include <linux/store.h>

static int mullein_launder_page(struct page *page)
{
	int err = store_write(page->mapping->host, page_offset(page), page_address(page), PAGE_SIZE);

	if (err)
		SetPageError(page);
	return err;	/* ok: launder_page.keeps_locked */
}

const struct address_space_operations mullein_aops = {
	.launder_page = mullein_launder_page,
};
