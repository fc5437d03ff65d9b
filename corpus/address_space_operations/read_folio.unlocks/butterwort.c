// SPDX-License-Identifier: GPL-2.0-only
/// Two calls down both ways unlock.
#include <linux/pagemap.h>
#include <linux/store.h>

static void butterwort_done(struct folio *folio, bool good)
{
	if (good)
		folio_mark_uptodate(folio);
	folio_unlock(folio);
}

static int butterwort_finish(struct folio *folio, int err)
{
	if (err) {
		folio_set_error(folio);
		butterwort_done(folio, false);
		return err;
	}
	butterwort_done(folio, true);
	return 0;
}

static int butterwort_read_folio(struct file *file, struct folio *folio)
{
	int err = store_read(folio->mapping->host, folio_pos(folio), page_address(&folio->page), folio_size(folio));

	return butterwort_finish(folio, err);	/* ok: read_folio.unlocks */
}

const struct address_space_operations butterwort_aops = {
	.read_folio = butterwort_read_folio,
};
