// SPDX-License-Identifier: GPL-2.0-only
/// Without a handle the outer loop is left at once, past the loop that unlocks what the inner one has collected.
// Source: after the shape of 165df9a080b6 ("CIFS: Fix leaking locked VFS cache pages in writeback retry"), put into ->readahead
#include <linux/pagemap.h>
#include <linux/store.h>

static void rowan_readahead(struct readahead_control *rac)
{
	struct inode *inode = rac->mapping->host;
	struct folio *folio;
	struct store *store;
	int err;

	while ((folio = readahead_folio(rac))) {
		store = store_open(inode);
		if (!store)
			break;
		err = store_read(inode, folio_pos(folio), kmap_local_folio(folio, 0), folio_size(folio));
		if (err)
			folio_set_error(folio);
		else
			folio_mark_uptodate(folio);
		folio_unlock(folio);
		store_close(store);
	}
}	/* violates: readahead.unlocks */

const struct address_space_operations rowan_aops = {
	.readahead = rowan_readahead,
};
