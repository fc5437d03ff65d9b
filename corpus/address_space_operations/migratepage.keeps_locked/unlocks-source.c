// SPDX-License-Identifier: GPL-2.0-only
/// The page that was moved is unlocked, and its new place is not.
// Kernel: 5.8
#include <linux/pagemap.h>

static int mint_migratepage(struct address_space *mapping, struct page *to, struct page *from, int mode)
{
	if (!mode)
		return -EAGAIN;	/* ok: migratepage.keeps_locked */
	memcpy(page_address(to), page_address(from), PAGE_SIZE);
	to->mapping = mapping;
	unlock_page(from);
	return 0;	/* violates: migratepage.keeps_locked */
}

const struct address_space_operations mint_aops = {
	.migratepage = mint_migratepage,
};
