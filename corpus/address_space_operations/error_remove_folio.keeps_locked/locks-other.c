// SPDX-License-Identifier: GPL-2.0-only
/// What is locked is the folio of the bitmap.
// Kernel: 6.8
#include <linux/pagemap.h>

static int lovage_error_remove_folio(struct address_space *mapping, struct folio *folio)
{
	struct folio *bitmap = mapping->host->i_private;

	folio_lock(bitmap);
	bitmap->index = folio->index;
	folio_unlock(bitmap);
	return 0;	/* ok: error_remove_folio.keeps_locked */
}

const struct address_space_operations lovage_aops = {
	.error_remove_folio = lovage_error_remove_folio,
};
