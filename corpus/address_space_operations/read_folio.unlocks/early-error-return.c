// SPDX-License-Identifier: GPL-2.0-only
/// An early error return leaves the folio locked.
#include <linux/pagemap.h>
#include <linux/store.h>

static int alder_read_folio(struct file *file, struct folio *folio)
{
	struct inode *inode = folio->mapping->host;
	int err;

	if (!inode->i_private)
		return -EIO;	/* violates: read_folio.unlocks */

	err = store_read(inode, folio_pos(folio), page_address(&folio->page), folio_size(folio));
	if (!err)
		folio_mark_uptodate(folio);
	folio_unlock(folio);
	return err;		/* ok: read_folio.unlocks */
}

const struct address_space_operations alder_aops = {
	.read_folio = alder_read_folio,
};
