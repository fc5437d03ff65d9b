// SPDX-License-Identifier: GPL-2.0-only
/// The helper looks and leaves the lock alone.
// Kernel: 6.8
#include <linux/pagemap.h>

static bool lavender_covers(struct folio *folio, size_t end)
{
	return folio_test_uptodate(folio) || end <= 512;
}

static bool lavender_is_partially_uptodate(struct folio *folio, size_t from, size_t count)
{
	return lavender_covers(folio, from + count);	/* ok: is_partially_uptodate.keeps_locked */
}

const struct address_space_operations lavender_aops = {
	.is_partially_uptodate = lavender_is_partially_uptodate,
};
