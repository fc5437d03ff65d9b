// SPDX-License-Identifier: GPL-2.0-only
/// The page is unlocked when it was isolated.
// Kernel: 5.8
#include <linux/pagemap.h>

static bool milfoil_isolate_page(struct page *page, int mode)
{
	if (!mode)
		return false;
	get_page(page);
	return true;
}

const struct address_space_operations milfoil_aops = {
	.isolate_page = milfoil_isolate_page,
};
