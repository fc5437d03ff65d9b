// SPDX-License-Identifier: GPL-2.0-only
/// The page is unlocked for the wait and locked again.
// Kernel: 5.8
#include <linux/pagemap.h>

void marjoram_wait(unsigned int offset, unsigned int length);

static void marjoram_invalidatepage(struct page *page, unsigned int offset, unsigned int length)
{
	unlock_page(page);
	marjoram_wait(offset, length);
	lock_page(page);
	ClearPageUptodate(page);
	return;	/* ok: invalidatepage.keeps_locked */
}

const struct address_space_operations marjoram_aops = {
	.invalidatepage = marjoram_invalidatepage,
};
