// SPDX-License-Identifier: GPL-2.0-only
/// A comment stands between the condition and its return; the braces go around both.
#include <linux/pagemap.h>
#include <linux/store.h>

static int fennel_read_folio(struct file *file, struct folio *folio)
{
	struct inode *inode = folio->mapping->host;
	int err;

	err = store_reserve(inode, folio_size(folio));
	if (err)
		/* the store is full, nothing to be done */
		return err;	/* violates: read_folio.unlocks */

	err = store_read(inode, folio_pos(folio), page_address(&folio->page), folio_size(folio));
	if (!err)
		folio_mark_uptodate(folio);
	folio_unlock(folio);
	return err;
}

const struct address_space_operations fennel_aops = {
	.read_folio = fennel_read_folio,
};
