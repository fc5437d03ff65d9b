// SPDX-License-Identifier: GPL-2.0-only
/// A page with an error is refused, and unlocked.
// Kernel: 5.8
#include <linux/pagemap.h>

static int meadow_releasepage(struct page *page, gfp_t flags)
{
	if (PageError(page) || !flags) {
		return 0;
	}
	put_page(page);
	return 1;
}

const struct address_space_operations meadow_aops = {
	.releasepage = meadow_releasepage,
};
