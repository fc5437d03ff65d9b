// SPDX-License-Identifier: GPL-2.0-only
/// The way that succeeds forgets the unlock, and the only label that makes it tells of a failure.
#include <linux/pagemap.h>
#include <linux/store.h>

static int lapwing_read_folio(struct file *file, struct folio *folio)
{
	int err;

	err = store_read(folio->mapping->host, folio_pos(folio), page_address(&folio->page), PAGE_SIZE);
	if (err)
		goto fail;
	folio_mark_uptodate(folio);
	folio_unlock(folio);
	return 0;

fail:
	folio_set_error(folio);
	folio_unlock(folio);
	return err;
}

const struct address_space_operations lapwing_aops = {
	.read_folio = lapwing_read_folio,
};
