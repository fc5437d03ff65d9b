// SPDX-License-Identifier: GPL-2.0-only
/// The branch for small files fills the folio and forgets that it is locked.
#include <linux/pagemap.h>
#include <linux/store.h>

static int birch_read_folio(struct file *file, struct folio *folio)
{
	struct inode *inode = folio->mapping->host;
	void *data = page_address(&folio->page);
	int err;

	if (inode->i_private) {
		memcpy(data, inode->i_private, folio_size(folio));
		folio_mark_uptodate(folio);
		folio_unlock(folio);
		return 0;
	}

	err = store_read(inode, folio_pos(folio), data, folio_size(folio));
	if (!err)
		folio_mark_uptodate(folio);
	folio_unlock(folio);
	return err;
}

const struct address_space_operations birch_aops = {
	.read_folio = birch_read_folio,
};
