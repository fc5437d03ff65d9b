// SPDX-License-Identifier: GPL-2.0-only
/// The same in the words of folios.
#include <linux/pagemap.h>
#include <linux/store.h>
#include <linux/writeback.h>

static int flax_writepage(struct page *page, struct writeback_control *wbc)
{
	struct folio *folio = page_folio(page);
	struct inode *inode = folio->mapping->host;
	int err;

	err = store_reserve(inode, folio_size(folio));
	if (err) {
		folio_redirty_for_writepage(wbc, folio);
		folio_unlock(folio);
		return err;
	}

	folio_start_writeback(folio);
	folio_unlock(folio);
	err = store_write(inode, folio_pos(folio), page_address(page), folio_size(folio));
	mapping_set_error(folio->mapping, err);
	folio_end_writeback(folio);
	return err;
}

const struct address_space_operations flax_aops = {
	.writepage = flax_writepage,
};
