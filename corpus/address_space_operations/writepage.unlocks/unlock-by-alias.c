// SPDX-License-Identifier: GPL-2.0-only
/// The page is unlocked under its folio's name and under its folio's page.
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

static int tansy_writepage(struct page *page, struct writeback_control *wbc)
{
	struct folio *folio = page_folio(page);
	struct inode *inode = folio->mapping->host;
	int err;

	err = store_reserve(inode, PAGE_SIZE);
	if (err) {
		redirty_page_for_writepage(wbc, &folio->page);
		unlock_page(&folio->page);
		return err;	/* ok: writepage.unlocks, writepage.writeback */
	}

	folio_start_writeback(folio);
	folio_unlock(folio);
	err = store_write(inode, folio_pos(folio), page_address(page), PAGE_SIZE);
	mapping_set_error(folio->mapping, err);
	folio_end_writeback(folio);
	return err;		/* ok: writepage.unlocks, writepage.writeback */
}

const struct address_space_operations tansy_aops = {
	.writepage = tansy_writepage,
};
