// SPDX-License-Identifier: GPL-2.0-only
/// The folio comes in, its page goes to the helper, and the helper unlocks the folio of the page.
#include <linux/pagemap.h>
#include <linux/store.h>

static void royalfern_end(struct page *page, bool good)
{
	struct folio *folio = page_folio(page);

	if (good)
		folio_mark_uptodate(folio);
	folio_unlock(folio);
}

static int royalfern_read_folio(struct file *file, struct folio *folio)
{
	struct page *page = &folio->page;
	int err = store_read(page->mapping->host, page_offset(page), page_address(page), PAGE_SIZE);

	royalfern_end(page, !err);
	return err;	/* ok: read_folio.unlocks */
}

const struct address_space_operations royalfern_aops = {
	.read_folio = royalfern_read_folio,
};
