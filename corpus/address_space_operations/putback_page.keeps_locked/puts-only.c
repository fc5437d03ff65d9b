// SPDX-License-Identifier: GPL-2.0-only
/// The reference is dropped, the lock is not.
// Kernel: 5.8
#include <linux/pagemap.h>

static void mugwort_putback_page(struct page *page)
{
	ClearPageError(page);
	put_page(page);	/* ok: putback_page.keeps_locked */
}

const struct address_space_operations mugwort_aops = {
	.putback_page = mugwort_putback_page,
};
