// SPDX-License-Identifier: GPL-2.0-only
/// The helper drops what the page holds, and not its lock.
// Kernel: 5.8
#include <linux/pagemap.h>

static int myrtle_drop(struct page *page)
{
	ClearPageUptodate(page);
	return 0;
}

static int myrtle_error_remove_page(struct address_space *mapping, struct page *page)
{
	int err = myrtle_drop(page);	/* ok: error_remove_page.keeps_locked */

	mapping->host->i_size--;
	return err;	/* ok: error_remove_page.keeps_locked */
}

const struct address_space_operations myrtle_aops = {
	.error_remove_page = myrtle_error_remove_page,
};
