// SPDX-License-Identifier: GPL-2.0-only
/// The helper that writes a folio fails without letting go of it; where its caller looks at the error, that does.
// Kernel: 7.3
// Fixable: no
#include <linux/pagemap.h>
#include <linux/store.h>

static int whimbrel_store(struct inode *inode, struct folio *folio)
{
	int err = store_reserve(inode, 4096);

	if (err)
		return -ENOMEM;
	folio_start_writeback(folio);
	folio_unlock(folio);
	folio_end_writeback(folio);
	return 0;
}

static int whimbrel_writepages(struct address_space *mapping, struct writeback_control *wbc)
{
	struct folio *folio = NULL;
	int err = 0;

	while ((folio = writeback_iter(mapping, wbc, folio, &err)))	/* violates: writepages.unlocks */
		err = whimbrel_store(mapping->host, folio);
	return err;
}

static int whimbrel_calm_writepages(struct address_space *mapping, struct writeback_control *wbc)
{
	struct folio *folio = NULL;
	int err = 0;

	while ((folio = writeback_iter(mapping, wbc, folio, &err))) {	/* ok: writepages.unlocks */
		err = whimbrel_store(mapping->host, folio);
		if (err < 0) {
			folio_redirty_for_writepage(wbc, folio);
			folio_unlock(folio);
		}
	}
	return err;	/* ok: writepages.unlocks */
}

const struct address_space_operations whimbrel_aops = {
	.writepages = whimbrel_writepages,
};
const struct address_space_operations whimbrel_calm_aops = {
	.writepages = whimbrel_calm_writepages,
};
