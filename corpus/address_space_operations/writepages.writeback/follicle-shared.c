// SPDX-License-Identifier: GPL-2.0-only
/// Only a degraded device has its folios redirtied, and the unlock is shared: no fix fits both.
// Kernel: 7.3
// Fixable: no
#include <linux/pagemap.h>

struct follicle_sb {
	bool degraded;
};

static int follicle_writepages(struct address_space *mapping, struct writeback_control *wbc)
{
	struct follicle_sb *sbi = mapping->host->i_sb->s_fs_info;
	struct folio *folio = NULL;
	int err = 0;

	while ((folio = writeback_iter(mapping, wbc, folio, &err))) {
		err = generic_write(mapping->host, folio_pos(folio), folio->private, folio_size(folio));
		if (sbi->degraded)
			folio_redirty_for_writepage(wbc, folio);
		folio_unlock(folio);	/* violates: writepages.writeback */
	}
	return err;
}

const struct address_space_operations follicle_aops = {
	.writepages = follicle_writepages,
};
