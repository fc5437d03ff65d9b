// SPDX-License-Identifier: GPL-2.0-only
/// The function works on the folio of its page, and so does its repair.
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

static int kelp_writepage(struct page *page, struct writeback_control *wbc)
{
	struct folio *folio = page_folio(page);
	struct inode *inode = folio->mapping->host;
	int err;

	err = store_reserve(inode, PAGE_SIZE);
	if (err)
		return err;	/* violates: writepage.unlocks, writepage.writeback */

	folio_start_writeback(folio);
	folio_unlock(folio);
	err = store_write(inode, folio_pos(folio), page_address(page), PAGE_SIZE);
	mapping_set_error(folio->mapping, err);
	folio_end_writeback(folio);
	return err;
}

const struct address_space_operations kelp_aops = {
	.writepage = kelp_writepage,
};
