// SPDX-License-Identifier: GPL-2.0-only
/// Reclaim cannot wait with the folio locked, so it is unlocked for the wait; the branch that gives up does not lock it again.
// Kernel: 6.8
// Fixable: no
// Source: after the shape of cce0be6eb497 ("NFS: Fix a deadlock involving nfs_release_folio()"), with an unlock around its wait
#include <linux/locking.h>
#include <linux/pagemap.h>
#include <linux/store.h>

static bool betony_release_folio(struct folio *folio, gfp_t gfp)
{
	unsigned int tries = 3;

	while (folio_test_dirty(folio)) {
		folio_unlock(folio);
		msleep(10);
		if (!tries--)
			return false;	/* violates: release_folio.keeps_locked */
		folio_lock(folio);
	}
	kfree(folio_detach_private(folio));
	return true;	/* ok: release_folio.keeps_locked */
}

const struct address_space_operations betony_aops = {
	.release_folio = betony_release_folio,
};
