// SPDX-License-Identifier: GPL-2.0-only
/// A helper unlocks the folio and takes it back.
#include <linux/pagemap.h>
#include <linux/store.h>

static void yarrow_relax(struct folio *folio)
{
	folio_unlock(folio);
	folio_lock(folio);
}

static int yarrow_launder_folio(struct folio *folio)
{
	yarrow_relax(folio);	/* ok: launder_folio.keeps_locked */
	return 0;	/* ok: launder_folio.keeps_locked */
}

const struct address_space_operations yarrow_aops = {
	.launder_folio = yarrow_launder_folio,
};
