// SPDX-License-Identifier: GPL-2.0-only
/// kmap() never fails: true to the letter, and no more than low.
// Fixable: no
#include <linux/pagemap.h>
#include <linux/store.h>

static int dock_read_folio(struct file *file, struct folio *folio)
{
	struct inode *inode = folio->mapping->host;
	void *data;
	int err;

	data = kmap(&folio->page);
	if (!data)
		return -ENOMEM;	/* violates: read_folio.unlocks low */

	err = store_read(inode, folio_pos(folio), data, folio_size(folio));
	kunmap(&folio->page);
	if (!err)
		folio_mark_uptodate(folio);
	folio_unlock(folio);
	return err;
}

const struct address_space_operations dock_aops = {
	.read_folio = dock_read_folio,
};
