// SPDX-License-Identifier: GPL-2.0-only
/// The method hands the folio's page to a helper from the time of pages, which forgets it.
#include <linux/pagemap.h>
#include <linux/store.h>

static int dill_fill(struct inode *inode, struct page *page)
{
	int err;

	err = store_read(inode, page_offset(page), page_address(page), PAGE_SIZE);
	if (err) {
		SetPageError(page);
		return err;	/* violates: read_folio.unlocks */
	}
	SetPageUptodate(page);
	unlock_page(page);
	return 0;
}

static int dill_read_folio(struct file *file, struct folio *folio)
{
	return dill_fill(folio->mapping->host, &folio->page);	/* ok: read_folio.unlocks */
}

const struct address_space_operations dill_aops = {
	.read_folio = dill_read_folio,
};
