// SPDX-License-Identifier: GPL-2.0-only
/// A dirty folio is unlocked, a clean one is not.
// Kernel: 6.8
#include <linux/pagemap.h>

static bool knapweed_release_folio(struct folio *folio, gfp_t gfp)
{
	if (folio_test_dirty(folio) || !gfp) {
		return false;
	}
	folio_detach_private(folio);
	return true;
}

const struct address_space_operations knapweed_aops = {
	.release_folio = knapweed_release_folio,
};
