// SPDX-License-Identifier: GPL-2.0-only
/// The folio is unlocked at the end, as a method that owes that would do.
#include <linux/pagemap.h>
#include <linux/store.h>

static int yarrow_launder_folio(struct folio *folio)
{
	int err;

	err = store_write(folio->mapping->host, folio_pos(folio), page_address(&folio->page), folio_size(folio));
	return err;
}

const struct address_space_operations yarrow_aops = {
	.launder_folio = yarrow_launder_folio,
};
