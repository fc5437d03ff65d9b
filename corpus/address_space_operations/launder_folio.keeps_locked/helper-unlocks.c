// SPDX-License-Identifier: GPL-2.0-only
/// A helper that serves other methods unlocks the folio.
// Fixable: no
#include <linux/pagemap.h>
#include <linux/store.h>

static int yarrow_write(struct folio *folio)
{
	int err = store_write(folio->mapping->host, folio_pos(folio), page_address(&folio->page), folio_size(folio));

	folio_unlock(folio);
	return err;
}

static int yarrow_launder_folio(struct folio *folio)
{
	int err = yarrow_write(folio);

	return err;	/* violates: launder_folio.keeps_locked moderate */
}

const struct address_space_operations yarrow_aops = {
	.launder_folio = yarrow_launder_folio,
};
