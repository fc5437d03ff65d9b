// SPDX-License-Identifier: GPL-2.0-only
/// A dirty folio is written and not waited for; what is still in use stays, locked.
// Kernel: 6.8
// Source: after the shape of the fixed cce0be6eb497 ("NFS: Fix a deadlock involving nfs_release_folio()")
#include <linux/pagemap.h>
#include <linux/store.h>

int clary_write_without_waiting(struct folio *folio);

static int clary_reclaim(struct folio *folio)
{
	if (folio_test_dirty(folio) && clary_write_without_waiting(folio))
		return -EAGAIN;
	return 0;
}

static bool clary_release_folio(struct folio *folio, gfp_t gfp)
{
	if (folio->private) {
		if ((gfp & GFP_KERNEL) != GFP_KERNEL)
			return false;	/* ok: release_folio.keeps_locked */
		if (clary_reclaim(folio) < 0)
			return false;	/* ok: release_folio.keeps_locked */
	}
	kfree(folio_detach_private(folio));
	return true;	/* ok: release_folio.keeps_locked */
}

const struct address_space_operations clary_aops = {
	.release_folio = clary_release_folio,
};
