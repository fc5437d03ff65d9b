// SPDX-License-Identifier: GPL-2.0-only
/// Two exits stand side by side; neither repair may take the other's braces.
#include <linux/pagemap.h>
#include <linux/store.h>

static int hyssop_read_folio(struct file *file, struct folio *folio)
{
	struct inode *inode = folio->mapping->host;
	int err;

	err = store_reserve(inode, folio_size(folio));
	if (err == -EAGAIN)
		return 0;	/* violates: read_folio.unlocks */
	if (err)
		return err;	/* violates: read_folio.unlocks */

	err = store_read(inode, folio_pos(folio), page_address(&folio->page), folio_size(folio));
	if (!err)
		folio_mark_uptodate(folio);
	folio_unlock(folio);
	return err;
}

const struct address_space_operations hyssop_aops = {
	.read_folio = hyssop_read_folio,
};
