// SPDX-License-Identifier: GPL-2.0-only
/// Writeback stands around the unlock; what cannot be written now is redirtied.
// Kernel: 7.3
#include <linux/pagemap.h>

static int samara_writepages(struct address_space *mapping, struct writeback_control *wbc)
{
	struct folio *folio = NULL;
	int err = 0;

	while ((folio = writeback_iter(mapping, wbc, folio, &err))) {
		if (folio_test_checked(folio)) {
			folio_redirty_for_writepage(wbc, folio);
			folio_unlock(folio);	/* ok: writepages.writeback */
			continue;
		}
		err = generic_write(mapping->host, folio_pos(folio), folio->private, folio_size(folio));
		folio_start_writeback(folio);
		folio_unlock(folio);	/* ok: writepages.writeback */
		folio_end_writeback(folio);
	}
	return err;
}

const struct address_space_operations samara_aops = {
	.writepages = samara_writepages,
};
