// SPDX-License-Identifier: GPL-2.0-only
/// Memory-backed pages are simply made dirty again; that replaces the redirty.
#include <linux/pagemap.h>
#include <linux/writeback.h>

static int lupin_writepage(struct page *page, struct writeback_control *wbc)
{
	struct folio *folio = page_folio(page);
	struct inode *inode = folio->mapping->host;

	if (inode->i_private) {
		set_page_dirty(page);
		unlock_page(page);
		return 0;	/* ok: writepage.unlocks, writepage.writeback */
	}

	folio_mark_dirty(folio);
	if (wbc->for_reclaim)
		return AOP_WRITEPAGE_ACTIVATE;	/* ok: writepage.unlocks, writepage.writeback */
	folio_unlock(folio);
	return 0;		/* ok: writepage.unlocks, writepage.writeback */
}

const struct address_space_operations lupin_aops = {
	.writepage = lupin_writepage,
};
