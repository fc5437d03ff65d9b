// SPDX-License-Identifier: GPL-2.0-only
/// The folio is unlocked two calls down, and only where the store has answered.
// Fixable: no
#include <linux/pagemap.h>
#include <linux/store.h>

static void toothwort_done(struct folio *folio, int err)
{
	if (!err) {
		folio_mark_uptodate(folio);
		folio_unlock(folio);
	}
}

static void toothwort_finish(struct folio *folio, int err)
{
	if (err)
		folio_set_error(folio);
	toothwort_done(folio, err);
}

static int toothwort_read_folio(struct file *file, struct folio *folio)
{
	int err = store_read(folio->mapping->host, folio_pos(folio), page_address(&folio->page), folio_size(folio));

	toothwort_finish(folio, err);
	return err;	/* violates: read_folio.unlocks */
}

const struct address_space_operations toothwort_aops = {
	.read_folio = toothwort_read_folio,
};
