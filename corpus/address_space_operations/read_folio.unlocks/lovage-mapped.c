// SPDX-License-Identifier: GPL-2.0-only
/// A failure behind a map of the folio: the map is taken back with the lock.
#include <linux/pagemap.h>
#include <linux/store.h>

static int lovage_read_folio(struct file *file, struct folio *folio)
{
	struct inode *inode = folio->mapping->host;
	void *data = kmap_local_folio(folio, 0);
	int err;

	if (!inode->i_private)
		return -EIO;	/* violates: read_folio.unlocks, read_folio.gives_back */
	err = store_read(inode, folio_pos(folio), data, folio_size(folio));
	kunmap_local(data);
	if (!err)
		folio_mark_uptodate(folio);
	folio_unlock(folio);
	return err;		/* ok: read_folio.unlocks */
}

const struct address_space_operations lovage_aops = {
	.read_folio = lovage_read_folio,
};
