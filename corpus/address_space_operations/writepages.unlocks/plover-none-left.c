// SPDX-License-Identifier: GPL-2.0-only
/// Behind the error nobody expects another folio; without the warning it would be sure.
// Kernel: 7.3
// Fixable: no
#include <linux/pagemap.h>
#include <linux/store.h>

static void plover_write(struct folio *folio)
{
	folio_start_writeback(folio);
	folio_unlock(folio);
	folio_end_writeback(folio);
}

static int plover_writepages(struct address_space *mapping, struct writeback_control *wbc)
{
	struct folio *folio;
	int err = 0;

	folio = writeback_iter(mapping, wbc, NULL, &err);
	if (!folio)
		return err;	/* ok: writepages.unlocks */
	err = store_sealed(mapping->host);
	if (err) {
		folio_redirty_for_writepage(wbc, folio);
		folio_unlock(folio);
		folio = writeback_iter(mapping, wbc, folio, &err);
		WARN_ON(folio != NULL);
	} else {
		plover_write(folio);
	}
	return err;		/* violates: writepages.unlocks moderate */
}

const struct address_space_operations plover_aops = {
	.writepages = plover_writepages,
};
