// SPDX-License-Identifier: GPL-2.0-only
/// A folio that has no place on disk stays locked when the loop goes on to the next one; the others are let go of.
// Kernel: 7.3
// Fixable: no
#include <linux/pagemap.h>
#include <linux/store.h>

struct knot_ops {
	int (*store)(struct inode *inode, struct folio *folio);
};

static int knot_store(struct inode *inode, struct folio *folio)
{
	int err = store_reserve(inode, 4096);

	folio_start_writeback(folio);
	folio_unlock(folio);
	folio_end_writeback(folio);
	return err;
}

static const struct knot_ops knot_plain_ops = {
	.store = knot_store,
};

static int knot_writepages(struct address_space *mapping, struct writeback_control *wbc)
{
	struct folio *folio = NULL;
	int err = 0;

	while ((folio = writeback_iter(mapping, wbc, folio, &err))) {	/* violates: writepages.unlocks */
		if (store_sealed(mapping->host)) {
			err = -EROFS;
			continue;
		}
		err = knot_plain_ops.store(mapping->host, folio);
	}
	return err;	/* ok: writepages.unlocks */
}

const struct address_space_operations knot_aops = {
	.writepages = knot_writepages,
};
