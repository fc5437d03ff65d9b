// SPDX-License-Identifier: GPL-2.0-only
/// One who calls the method himself locks the folio anew before he unlocks it: he counts on the rule, and the fix is his as well.
#include <linux/pagemap.h>
#include <linux/store.h>

static int siskin_read_folio(struct file *file, struct folio *folio)
{
	struct inode *inode = folio->mapping->host;
	int err;

	if (store_sealed(inode)) {
		folio_unlock(folio);
		return -EIO;
	}
	err = store_read(inode, folio_pos(folio), folio_address(folio), folio_size(folio));
	if (!err)
		folio_mark_uptodate(folio);
	folio_unlock(folio);
	return err;
}

int siskin_fill(struct inode *inode, pgoff_t index)
{
	struct folio *folio = filemap_grab_folio(inode->i_mapping, index);
	int err;

	if (!folio)
		return -ENOMEM;
	err = siskin_read_folio(NULL, folio);
	folio_lock(folio);
	if (!err && !folio_test_uptodate(folio))
		err = -EIO;
	folio_unlock(folio);
	folio_put(folio);
	return err;
}

const struct address_space_operations siskin_aops = {
	.read_folio = siskin_read_folio,
};
