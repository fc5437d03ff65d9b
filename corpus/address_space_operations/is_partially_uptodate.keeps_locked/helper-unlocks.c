// SPDX-License-Identifier: GPL-2.0-only
/// The helper was written for who is done with the folio.
// Kernel: 6.8
// Fixable: no
#include <linux/pagemap.h>

static bool lavender_covers(struct folio *folio, size_t end)
{
	bool covers = folio_test_uptodate(folio) || end <= 512;

	folio_unlock(folio);
	return covers;
}

static bool lavender_is_partially_uptodate(struct folio *folio, size_t from, size_t count)
{
	bool covers = lavender_covers(folio, from + count);

	return covers;	/* violates: is_partially_uptodate.keeps_locked moderate */
}

const struct address_space_operations lavender_aops = {
	.is_partially_uptodate = lavender_is_partially_uptodate,
};
