// SPDX-License-Identifier: GPL-2.0-only
/// The folio taken last stays locked when an error ends the loop.
#include <linux/pagemap.h>
#include <linux/store.h>

static void vetch_readahead(struct readahead_control *rac)
{
	struct inode *inode = rac->mapping->host;
	struct folio *folio;
	int err;

	while ((folio = readahead_folio(rac))) {
		err = store_read(inode, folio_pos(folio), page_address(&folio->page), folio_size(folio));
		if (err) {
			folio_unlock(folio);
			return;
		}
		folio_mark_uptodate(folio);
		folio_unlock(folio);
	}
}

const struct address_space_operations vetch_aops = {
	.readahead = vetch_readahead,
};
