// SPDX-License-Identifier: GPL-2.0-only
/// The page is unlocked when it is put back.
// Kernel: 5.8
#include <linux/pagemap.h>

static void mugwort_putback_page(struct page *page)
{
	put_page(page);
	unlock_page(page);
	return;	/* violates: putback_page.keeps_locked */
}

const struct address_space_operations mugwort_aops = {
	.putback_page = mugwort_putback_page,
};
