// SPDX-License-Identifier: GPL-2.0-only
/// Who invalidates holds invalidate_lock exclusively.
// Kernel: 6.8
// Fixable: no
#include <linux/pagemap.h>

static void toadflax_invalidate_folio(struct folio *folio, size_t start, size_t len)
{
	filemap_invalidate_lock(folio->mapping);	/* violates: invalidate_folio.no_relock */
	if (!start && len)
		folio_detach_private(folio);
	filemap_invalidate_unlock(folio->mapping);
}

const struct address_space_operations toadflax_aops = {
	.invalidate_folio = toadflax_invalidate_folio,
};
