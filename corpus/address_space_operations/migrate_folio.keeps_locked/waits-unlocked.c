// SPDX-License-Identifier: GPL-2.0-only
/// Both folios are locked again after the wait.
// Kernel: 6.8
#include <linux/pagemap.h>

void laurel_wait(struct address_space *mapping, int mode);

static int laurel_migrate_folio(struct address_space *mapping, struct folio *dst, struct folio *src, int mode)
{
	folio_unlock(src);
	laurel_wait(mapping, mode);
	folio_lock(src);
	folio_copy(dst, src);
	return 0;	/* ok: migrate_folio.keeps_locked */
}

const struct address_space_operations laurel_aops = {
	.migrate_folio = laurel_migrate_folio,
};
