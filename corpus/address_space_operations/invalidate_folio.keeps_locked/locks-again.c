// SPDX-License-Identifier: GPL-2.0-only
/// The folio is unlocked for the wait and locked again.
// Kernel: 6.8
#include <linux/pagemap.h>

void juniper_wait(size_t start, size_t len);

static void juniper_invalidate_folio(struct folio *folio, size_t start, size_t len)
{
	folio_unlock(folio);
	juniper_wait(start, len);
	folio_lock(folio);
	folio_detach_private(folio);
	return;	/* ok: invalidate_folio.keeps_locked */
}

const struct address_space_operations juniper_aops = {
	.invalidate_folio = juniper_invalidate_folio,
};
