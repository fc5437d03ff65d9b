// SPDX-License-Identifier: GPL-2.0-only
/// The error of one helper is asked by another, which is true for all errors; the folio stays locked there.
#include <linux/pagemap.h>
#include <linux/store.h>

static bool starmoss_bad(int err)
{
	return err < 0;
}

static int starmoss_read_folio(struct file *file, struct folio *folio)
{
	int err = store_read(folio->mapping->host, folio_pos(folio), page_address(&folio->page), PAGE_SIZE);

	if (starmoss_bad(err))
		return err;	/* violates: read_folio.unlocks */
	folio_mark_uptodate(folio);
	folio_unlock(folio);
	return 0;	/* ok: read_folio.unlocks */
}

const struct address_space_operations starmoss_aops = {
	.read_folio = starmoss_read_folio,
};
