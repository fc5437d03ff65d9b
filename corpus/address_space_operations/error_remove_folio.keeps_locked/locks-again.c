// SPDX-License-Identifier: GPL-2.0-only
/// The folio is locked once more.
// Kernel: 6.8
// Fixable: no
#include <linux/pagemap.h>

static int lovage_error_remove_folio(struct address_space *mapping, struct folio *folio)
{
	folio_lock(folio);	/* violates: error_remove_folio.keeps_locked */
	folio_detach_private(folio);
	mapping->host->i_size--;
	return 0;
}

const struct address_space_operations lovage_aops = {
	.error_remove_folio = lovage_error_remove_folio,
};
