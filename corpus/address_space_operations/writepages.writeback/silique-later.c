// SPDX-License-Identifier: GPL-2.0-only
/// What ends the writeback of a folio stands behind the unlock: who forgot to begin it gets no fix that ends it again.
// Fixable: no
// Kernel: 7.3
#include <linux/pagemap.h>

static void silique_written(struct folio *folio)
{
	folio_end_writeback(folio);
}

static int silique_writepages(struct address_space *mapping, struct writeback_control *wbc)
{
	struct folio *folio = NULL;
	int err = 0;

	while ((folio = writeback_iter(mapping, wbc, folio, &err))) {
		void *data = kmap_local_folio(folio, 0);

		err = generic_write(mapping->host, folio_pos(folio), data, folio_size(folio));
		kunmap_local(data);
		folio_unlock(folio);	/* violates: writepages.writeback */
		silique_written(folio);
	}
	return err;
}

const struct address_space_operations silique_aops = {
	.writepages = silique_writepages,
};
