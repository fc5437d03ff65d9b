// SPDX-License-Identifier: GPL-2.0-only
/// Most folios go to a batch that is written in the end; the unlock is shared with them, so nobody can be sure.
// Kernel: 7.3
// Fixable: no
#include <linux/pagemap.h>

struct follicle_batch {
	struct folio *folios[16];
	unsigned int count;
};

static int follicle_writepages(struct address_space *mapping, struct writeback_control *wbc)
{
	struct follicle_batch *batch = mapping->host->i_private;
	struct folio *folio = NULL;
	int err = 0;

	while ((folio = writeback_iter(mapping, wbc, folio, &err))) {
		if (batch->count < 16)
			batch->folios[batch->count++] = folio;
		folio_unlock(folio);	/* violates: writepages.writeback low */
	}
	return err;
}

const struct address_space_operations follicle_aops = {
	.writepages = follicle_writepages,
};
