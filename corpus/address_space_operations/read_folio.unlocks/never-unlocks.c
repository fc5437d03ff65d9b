// SPDX-License-Identifier: GPL-2.0-only
/// No path unlocks the folio, the successful one included.
#include <linux/pagemap.h>
#include <linux/store.h>

static int iberis_read_folio(struct file *file, struct folio *folio)
{
	struct inode *inode = folio->mapping->host;
	int err;

	err = store_read(inode, folio_pos(folio), page_address(&folio->page), folio_size(folio));
	if (err)
		return err;	/* violates: read_folio.unlocks */
	folio_mark_uptodate(folio);
	return 0;		/* violates: read_folio.unlocks */
}

const struct address_space_operations iberis_aops = {
	.read_folio = iberis_read_folio,
};
