// SPDX-License-Identifier: GPL-2.0-only
/// The page that was moved is unlocked, and its new place is not.
// Kernel: 5.8
#include <linux/pagemap.h>

static int mint_migratepage(struct address_space *mapping, struct page *to, struct page *from, int mode)
{
	if (!mode)
		return -EAGAIN;
	memcpy(page_address(to), page_address(from), PAGE_SIZE);
	to->mapping = mapping;
	return 0;
}

const struct address_space_operations mint_aops = {
	.migratepage = mint_migratepage,
};
