// SPDX-License-Identifier: GPL-2.0-only
/// A dirty folio is unlocked, a clean one is not.
// Kernel: 6.8
#include <linux/pagemap.h>

static bool knapweed_release_folio(struct folio *folio, gfp_t gfp)
{
	if (folio_test_dirty(folio) || !gfp) {
		folio_unlock(folio);
		return false;	/* violates: release_folio.keeps_locked */
	}
	folio_detach_private(folio);
	return true;	/* ok: release_folio.keeps_locked */
}

const struct address_space_operations knapweed_aops = {
	.release_folio = knapweed_release_folio,
};
