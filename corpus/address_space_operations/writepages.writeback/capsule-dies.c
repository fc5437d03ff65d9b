// SPDX-License-Identifier: GPL-2.0-only
/// Behind the unlock the machine stops, so nobody misses the folio: low.
// Kernel: 7.3
// Fixable: no
#include <linux/pagemap.h>

static int capsule_write(struct folio *folio, struct writeback_control *wbc)
{
	if (!folio->private) {
		folio_unlock(folio);	/* violates: writepages.writeback low */
		BUG();
		return 0;
	}
	folio_redirty_for_writepage(wbc, folio);
	folio_unlock(folio);	/* ok: writepages.writeback */
	return 0;
}

static int capsule_writepages(struct address_space *mapping, struct writeback_control *wbc)
{
	struct folio *folio = NULL;
	int err = 0;

	while ((folio = writeback_iter(mapping, wbc, folio, &err)))
		err = capsule_write(folio, wbc);
	return err;
}

const struct address_space_operations capsule_aops = {
	.writepages = capsule_writepages,
};
