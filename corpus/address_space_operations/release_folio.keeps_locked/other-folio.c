// SPDX-License-Identifier: GPL-2.0-only
/// The folio that is unlocked is another one.
// Kernel: 6.8
#include <linux/pagemap.h>

static bool knapweed_release_folio(struct folio *folio, gfp_t gfp)
{
	struct folio *map = folio->private;

	folio_unlock(map);
	folio_detach_private(folio);
	return gfp != 0;	/* ok: release_folio.keeps_locked */
}

const struct address_space_operations knapweed_aops = {
	.release_folio = knapweed_release_folio,
};
