// SPDX-License-Identifier: GPL-2.0-only
/// Both folios are locked, and the source is unlocked after the copy.
// Kernel: 6.8
#include <linux/pagemap.h>

static int laurel_migrate_folio(struct address_space *mapping, struct folio *dst, struct folio *src, int mode)
{
	if (!mode)
		return -EAGAIN;
	folio_copy(dst, src);
	src->mapping = NULL;
	dst->mapping = mapping;
	return 0;
}

const struct address_space_operations laurel_aops = {
	.migrate_folio = laurel_migrate_folio,
};
