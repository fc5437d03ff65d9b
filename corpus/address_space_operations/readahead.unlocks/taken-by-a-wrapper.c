// SPDX-License-Identifier: GPL-2.0-only
/// The helper takes a page for its caller and owes nothing; its caller, which gets the page from it, skips the unlock.
// Source: a module's own wrapper of readahead_page() for kernels with and without folios
#include <linux/pagemap.h>
#include <linux/store.h>

static inline struct page *alder_next_page(struct readahead_control *rac)
{
#ifdef ALDER_HAS_FOLIOS
	struct folio *folio = __readahead_folio(rac);

	if (!folio)
		return NULL;
	return folio_page(folio, 0);
#else
	return readahead_page(rac);	/* ok: readahead.unlocks */
#endif
}

static void alder_readahead(struct readahead_control *rac)
{
	struct inode *inode = rac->mapping->host;
	struct page *page;
	int err = 0;

	while ((page = alder_next_page(rac)) != NULL) {
		err = store_read(inode, page_offset(page), page_address(page), PAGE_SIZE);
		if (err)
			break;
		SetPageUptodate(page);
		unlock_page(page);
		put_page(page);
	}
}	/* violates: readahead.unlocks */

const struct address_space_operations alder_aops = {
	.readahead = alder_readahead,
};
