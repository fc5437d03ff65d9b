// SPDX-License-Identifier: GPL-2.0-only
/// The helper unlocks and locks.
// Kernel: 5.8
#include <linux/pagemap.h>

static void milfoil_relax(struct page *page)
{
	unlock_page(page);
	lock_page(page);
}

static bool milfoil_isolate_page(struct page *page, int mode)
{
	if (mode)
		milfoil_relax(page);	/* ok: isolate_page.keeps_locked */
	get_page(page);
	return true;	/* ok: isolate_page.keeps_locked */
}

const struct address_space_operations milfoil_aops = {
	.isolate_page = milfoil_isolate_page,
};
