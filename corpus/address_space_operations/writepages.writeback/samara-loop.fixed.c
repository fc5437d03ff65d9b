// SPDX-License-Identifier: GPL-2.0-only
/// Each folio of the loop is written at once and unlocked, and its dirty tag stays.
// Kernel: 7.3
#include <linux/pagemap.h>

static int samara_writepages(struct address_space *mapping, struct writeback_control *wbc)
{
	struct folio *folio = NULL;
	int err = 0;

	while ((folio = writeback_iter(mapping, wbc, folio, &err))) {
		void *data = kmap_local_folio(folio, 0);

		folio_start_writeback(folio);
		err = generic_write(mapping->host, folio_pos(folio), data, folio_size(folio));
		kunmap_local(data);
		folio_unlock(folio);
		if (err)
			mapping_set_error(mapping, err);
		folio_end_writeback(folio);
	}
	return err;
}

const struct address_space_operations samara_aops = {
	.writepages = samara_writepages,
};
