// SPDX-License-Identifier: GPL-2.0-only
/// A folio that cannot be mapped is skipped and stays locked for ever, as the next one is taken.
// Fixable: no
#include <linux/pagemap.h>
#include <linux/store.h>

static void willow_readahead(struct readahead_control *rac)
{
	struct inode *inode = rac->mapping->host;
	struct folio *folio;

	while ((folio = readahead_folio(rac))) {	/* violates: readahead.unlocks */
		if (folio_pos(folio) >= i_size_read(inode))
			continue;
		if (!store_read(inode, folio_pos(folio), page_address(&folio->page), folio_size(folio)))
			folio_mark_uptodate(folio);
		folio_unlock(folio);
	}
}

const struct address_space_operations willow_aops = {
	.readahead = willow_readahead,
};
