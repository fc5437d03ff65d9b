// SPDX-License-Identifier: GPL-2.0-only
/// The folio is unlocked by who frees what hangs on it.
// Kernel: 6.8
#include <linux/pagemap.h>

static void larkspur_free_folio(struct folio *folio)
{
	kfree(folio_detach_private(folio));
	return;
}

const struct address_space_operations larkspur_aops = {
	.free_folio = larkspur_free_folio,
};
