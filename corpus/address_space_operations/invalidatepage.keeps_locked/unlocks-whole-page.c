// SPDX-License-Identifier: GPL-2.0-only
/// A page that goes as a whole is unlocked on the way.
// Kernel: 5.8
#include <linux/pagemap.h>

static void marjoram_invalidatepage(struct page *page, unsigned int offset, unsigned int length)
{
	if (offset || length < PAGE_SIZE)
		return;	/* ok: invalidatepage.keeps_locked */
	ClearPageUptodate(page);
	unlock_page(page);
	return;	/* violates: invalidatepage.keeps_locked */
}

const struct address_space_operations marjoram_aops = {
	.invalidatepage = marjoram_invalidatepage,
};
