// SPDX-License-Identifier: GPL-2.0-only
/// Whether a folio needs to be written again is asked of the folio: the tool says so, and is not sure.
// Kernel: 7.3
// Fixable: no
#include <linux/pagemap.h>

static bool drupe_pinned(const struct folio *folio)
{
	return folio->private != NULL;
}

static int drupe_flush(struct address_space *mapping, struct writeback_control *wbc)
{
	struct folio *folio = NULL;
	int err = 0;

	while ((folio = writeback_iter(mapping, wbc, folio, &err))) {
		if (drupe_pinned(folio))
			folio_redirty_for_writepage(wbc, folio);
		folio_unlock(folio);	/* violates: writepages.writeback low */
	}
	return err;
}

const struct address_space_operations drupe_aops = {
	.writepages = drupe_flush,
};
