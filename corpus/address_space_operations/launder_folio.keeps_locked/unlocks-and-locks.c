// SPDX-License-Identifier: GPL-2.0-only
/// The folio is unlocked for a while and locked again.
#include <linux/pagemap.h>
#include <linux/store.h>

static int yarrow_launder_folio(struct folio *folio)
{
	int err;

	folio_unlock(folio);
	err = store_write(folio->mapping->host, 0, NULL, 0);
	folio_lock(folio);	/* ok: launder_folio.keeps_locked */
	return err;	/* ok: launder_folio.keeps_locked */
}

const struct address_space_operations yarrow_aops = {
	.launder_folio = yarrow_launder_folio,
};
