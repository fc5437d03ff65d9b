// SPDX-License-Identifier: GPL-2.0-only
/// The mapping of the journal is another one.
// Kernel: 6.8
#include <linux/pagemap.h>

static void toadflax_invalidate_folio(struct folio *folio, size_t start, size_t len)
{
	struct address_space *journal = folio->mapping->host->i_private;

	filemap_invalidate_lock(journal);	/* ok: invalidate_folio.no_relock */
	if (!start && len)
		folio_detach_private(folio);
	filemap_invalidate_unlock(journal);
}

const struct address_space_operations toadflax_aops = {
	.invalidate_folio = toadflax_invalidate_folio,
};
