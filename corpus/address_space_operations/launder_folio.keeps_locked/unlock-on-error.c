// SPDX-License-Identifier: GPL-2.0-only
/// The error exit unlocks the folio, the other one does not.
#include <linux/pagemap.h>
#include <linux/store.h>

static int yarrow_launder_folio(struct folio *folio)
{
	int err;

	err = store_write(folio->mapping->host, folio_pos(folio), page_address(&folio->page), folio_size(folio));
	if (err) {
		mapping_set_error(folio->mapping, err);
		folio_unlock(folio);
		return err;	/* violates: launder_folio.keeps_locked */
	}
	folio_set_error(folio);
	return 0;	/* ok: launder_folio.keeps_locked */
}

const struct address_space_operations yarrow_aops = {
	.launder_folio = yarrow_launder_folio,
};
