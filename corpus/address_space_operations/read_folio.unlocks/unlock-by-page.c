// SPDX-License-Identifier: GPL-2.0-only
/// The folio is unlocked as the page that it contains.
#include <linux/pagemap.h>
#include <linux/store.h>

static int jute_read_folio(struct file *file, struct folio *folio)
{
	struct page *page = &folio->page;
	struct inode *inode = page->mapping->host;
	int err;

	err = store_read(inode, page_offset(page), kmap(page), PAGE_SIZE);
	kunmap(page);
	if (err) {
		SetPageError(page);
		unlock_page(page);
		return err;	/* ok: read_folio.unlocks */
	}
	SetPageUptodate(page);
	unlock_page(page);
	return 0;		/* ok: read_folio.unlocks */
}

const struct address_space_operations jute_aops = {
	.read_folio = jute_read_folio,
};
