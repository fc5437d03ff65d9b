// SPDX-License-Identifier: GPL-2.0-only
/// The label that other failures go to tells of them first: an early return sets the error and goes there.
#include <linux/pagemap.h>
#include <linux/store.h>

static int mugwort_read_folio(struct file *file, struct folio *folio)
{
	struct inode *inode = folio->mapping->host;
	int err;

	err = store_reserve(inode, PAGE_SIZE);
	if (err)
		goto out;
	if (!inode->i_private) {
		err = -EIO;
		goto out;
	}
	err = store_read(inode, folio_pos(folio), page_address(&folio->page), folio_size(folio));
out:
	if (err)
		folio_clear_uptodate(folio);
	else
		folio_mark_uptodate(folio);
	folio_unlock(folio);
	return err;
}

const struct address_space_operations mugwort_aops = {
	.read_folio = mugwort_read_folio,
};
