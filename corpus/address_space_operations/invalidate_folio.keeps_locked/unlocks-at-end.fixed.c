// SPDX-License-Identifier: GPL-2.0-only
/// The folio is unlocked when its private data are gone.
// Kernel: 6.8
#include <linux/pagemap.h>

static void juniper_invalidate_folio(struct folio *folio, size_t start, size_t len)
{
	if (!start && len)
		folio_detach_private(folio);
	return;
}

const struct address_space_operations juniper_aops = {
	.invalidate_folio = juniper_invalidate_folio,
};
