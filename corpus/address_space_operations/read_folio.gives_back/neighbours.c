// SPDX-License-Identifier: GPL-2.0-only
/// A block of several pages is read at once; one error loop puts the neighbours and forgets their locks.
// Fixable: no
#include <linux/pagemap.h>
#include <linux/store.h>

static int rampion_fill(struct folio *folio, struct page **page, int pages, void *data)
{
	int i, err;

	err = store_read(folio->mapping->host, 0, data, PAGE_SIZE);
	for (i = 0; i < pages && !err; i++)
		if (page[i])
			SetPageUptodate(page[i]);
	return err;
}

static int rampion_read_folio(struct file *file, struct folio *folio)
{
	struct page *page[4];
	int i, err = -EIO;

	for (i = 0; i < 4; i++)
		page[i] = grab_cache_page_nowait(folio->mapping, folio->index + i + 1);
	if (rampion_fill(folio, page, 4, folio->mapping) < 0)
		goto failed;
	for (i = 0; i < 4; i++) {
		if (!page[i])
			continue;
		unlock_page(page[i]);
		put_page(page[i]);
	}
	folio_unlock(folio);
	return 0;	/* ok: read_folio.gives_back */
failed:
	for (i = 0; i < 4; i++)
		if (page[i])
			put_page(page[i]);
	folio_unlock(folio);
	return err;	/* violates: read_folio.gives_back moderate */
}

const struct address_space_operations rampion_aops = {
	.read_folio = rampion_read_folio,
};
