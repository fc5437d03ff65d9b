// SPDX-License-Identifier: GPL-2.0-only
/// What hangs on the folio is freed, and nothing is waited for.
// Kernel: 6.8
#include <linux/pagemap.h>

static void dock_free_folio(struct folio *folio)
{
	kfree(folio_detach_private(folio));	/* ok: free_folio.never_sleeps */
}

const struct address_space_operations dock_aops = {
	.free_folio = dock_free_folio,
};
