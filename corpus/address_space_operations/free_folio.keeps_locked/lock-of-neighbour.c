// SPDX-License-Identifier: GPL-2.0-only
/// The neighbour is unlocked, the folio is not.
// Kernel: 6.8
#include <linux/pagemap.h>

static void larkspur_free_folio(struct folio *folio)
{
	struct folio *next = folio->private;

	folio_unlock(next);
	kfree(folio_detach_private(folio));
	return;	/* ok: free_folio.keeps_locked */
}

const struct address_space_operations larkspur_aops = {
	.free_folio = larkspur_free_folio,
};
