// SPDX-License-Identifier: GPL-2.0-only
/// Both pages stay locked.
// Kernel: 5.8
#include <linux/pagemap.h>

static int mint_migratepage(struct address_space *mapping, struct page *to, struct page *from, int mode)
{
	memcpy(page_address(to), page_address(from), PAGE_SIZE);
	to->mapping = mode ? mapping : NULL;
	put_page(from);	/* ok: migratepage.keeps_locked */
	return 0;	/* ok: migratepage.keeps_locked */
}

const struct address_space_operations mint_aops = {
	.migratepage = mint_migratepage,
};
