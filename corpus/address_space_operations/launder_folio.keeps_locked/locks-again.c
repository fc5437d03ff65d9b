// SPDX-License-Identifier: GPL-2.0-only
/// The folio is locked although the caller has locked it.
// Fixable: no
#include <linux/pagemap.h>
#include <linux/store.h>

static int yarrow_launder_folio(struct folio *folio)
{
	int err;

	folio_lock(folio);	/* violates: launder_folio.keeps_locked */
	err = store_write(folio->mapping->host, folio_pos(folio), page_address(&folio->page), folio_size(folio));
	folio_unlock(folio);
	return err;	/* ok: launder_folio.keeps_locked */
}

const struct address_space_operations yarrow_aops = {
	.launder_folio = yarrow_launder_folio,
};
