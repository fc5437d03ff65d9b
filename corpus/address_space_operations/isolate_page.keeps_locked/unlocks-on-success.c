// SPDX-License-Identifier: GPL-2.0-only
/// The page is unlocked when it was isolated.
// Kernel: 5.8
#include <linux/pagemap.h>

static bool milfoil_isolate_page(struct page *page, int mode)
{
	if (!mode)
		return false;	/* ok: isolate_page.keeps_locked */
	get_page(page);
	unlock_page(page);
	return true;	/* violates: isolate_page.keeps_locked */
}

const struct address_space_operations milfoil_aops = {
	.isolate_page = milfoil_isolate_page,
};
