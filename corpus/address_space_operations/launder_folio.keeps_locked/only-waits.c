// SPDX-License-Identifier: GPL-2.0-only
/// Nothing is done to the lock.
#include <linux/pagemap.h>
#include <linux/store.h>

static int yarrow_flush(struct folio *folio)
{
	return store_write(folio->mapping->host, folio_pos(folio), page_address(&folio->page), folio_size(folio));
}

static int yarrow_launder_folio(struct folio *folio)
{
	if (!folio_test_uptodate(folio))
		return 0;	/* ok: launder_folio.keeps_locked */
	return yarrow_flush(folio);	/* ok: launder_folio.keeps_locked */
}

const struct address_space_operations yarrow_aops = {
	.launder_folio = yarrow_launder_folio,
};
