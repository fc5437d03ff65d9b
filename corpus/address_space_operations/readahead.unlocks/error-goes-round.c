// SPDX-License-Identifier: GPL-2.0-only
/// Without a handle only the error is noted, and the unlock at the end of the round is reached all the same.
// Source: after the shape of the fixed 165df9a080b6 ("CIFS: Fix leaking locked VFS cache pages in writeback retry"), put into ->readahead
#include <linux/pagemap.h>
#include <linux/store.h>

static void whitebeam_readahead(struct readahead_control *rac)
{
	struct inode *inode = rac->mapping->host;
	struct folio *folio;
	struct store *store;
	int err;

	do {
		folio = readahead_folio(rac);
		if (!folio)
			break;
		store = store_open(inode);
		if (!store) {
			err = -EBADF;
		} else {
			err = store_read(inode, folio_pos(folio), kmap_local_folio(folio, 0), folio_size(folio));
			store_close(store);
		}
		if (err)
			folio_set_error(folio);
		folio_unlock(folio);
	} while (!err || err == -EAGAIN);
}	/* ok: readahead.unlocks */

const struct address_space_operations whitebeam_aops = {
	.readahead = whitebeam_readahead,
};
