// SPDX-License-Identifier: GPL-2.0-only
/// The helper drops the lock with the page.
// Kernel: 5.8
// Fixable: no
#include <linux/pagemap.h>

static int myrtle_drop(struct page *page)
{
	ClearPageUptodate(page);
	unlock_page(page);
	return 0;
}

static int myrtle_error_remove_page(struct address_space *mapping, struct page *page)
{
	int err = myrtle_drop(page);

	mapping->host->i_size--;
	return err;	/* violates: error_remove_page.keeps_locked moderate */
}

const struct address_space_operations myrtle_aops = {
	.error_remove_page = myrtle_error_remove_page,
};
