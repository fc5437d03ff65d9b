// SPDX-License-Identifier: GPL-2.0-only
/// The page that is unlocked is that of the journal.
// Kernel: 5.8
#include <linux/pagemap.h>

static int meadow_releasepage(struct page *page, gfp_t flags)
{
	struct page *journal = page->mapping->host->i_private;

	lock_page(journal);
	ClearPageUptodate(journal);
	unlock_page(journal);
	return flags != 0;	/* ok: releasepage.keeps_locked */
}

const struct address_space_operations meadow_aops = {
	.releasepage = meadow_releasepage,
};
