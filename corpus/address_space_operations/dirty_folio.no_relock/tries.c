// SPDX-License-Identifier: GPL-2.0-only
/// The lock of the folio is only tried.
// Kernel: 6.8
#include <linux/pagemap.h>

static bool thyme_dirty_folio(struct address_space *mapping, struct folio *folio)
{
	if (folio_trylock(folio)) {	/* ok: dirty_folio.no_relock, dirty_folio.never_sleeps */
		folio->private = mapping->host;
		folio_unlock(folio);
	}
	return filemap_dirty_folio(mapping, folio);
}

const struct address_space_operations thyme_aops = {
	.dirty_folio = thyme_dirty_folio,
};
