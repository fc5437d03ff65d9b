// SPDX-License-Identifier: GPL-2.0-only
/// Some who dirty a folio hold its lock, and none may sleep.
// Kernel: 6.8
// Fixable: no
#include <linux/pagemap.h>

static bool thyme_dirty_folio(struct address_space *mapping, struct folio *folio)
{
	folio_lock(folio);	/* violates: dirty_folio.no_relock low, dirty_folio.never_sleeps */
	folio->private = mapping->host;
	folio_unlock(folio);
	return filemap_dirty_folio(mapping, folio);
}

const struct address_space_operations thyme_aops = {
	.dirty_folio = thyme_dirty_folio,
};
